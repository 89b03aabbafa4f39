// What only a backend gets at Stytch: the stand-in tells it to the SDK too, the application to nobody.
const withheld = ["organization.created_at", "organization.updated_at"];

const isEmpty = (value) => !value || (Object(value) === value && Object.values(value).every(isEmpty));

/**
 * compare makes window.differences: the fields of the hooks' envelope that the application at api tells
 * otherwise; it leaves out what is empty.
 */
export const compare = (envelope, api) => {
  window.differences = async () => {
    const told = await (await fetch(api + "/api/session", { credentials: "include" })).json();
    const found = [];
    const look = (at, a, b) => {
      if (withheld.includes(at) || (b === undefined && isEmpty(a))) return;
      if (Object(a) === a && Object(b) === b) for (const key of Object.keys({ ...a, ...b })) look(at + "." + key, a[key], b[key]);
      else if (a !== b) found.push(`${at}: ${JSON.stringify(a)} in the hook, ${JSON.stringify(b)} told`);
    };
    const { fromCache, ...rest } = envelope();
    for (const key of Object.keys(rest)) look(key, rest[key], told[key]);
    return found.join("\n");
  };
};
