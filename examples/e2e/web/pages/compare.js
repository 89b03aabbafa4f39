// What only a backend gets at Stytch, and the SDK's types do not have: the stand-in tells it to the SDK
// too, the application to nobody.
const withheld = [
  ...["scim_registration", "is_locked", "lock_created_at", "lock_expires_at"].map((field) => "member." + field),
  ...["claimed_email_domains", "created_at", "updated_at"].map((field) => "organization." + field),
  ...["is_locked", "lock_created_at", "lock_expires_at"].map((field) => "user." + field),
];

/**
 * compare makes window.differences: the fields of the hooks' envelope that the application at api tells
 * otherwise.
 */
export const compare = (envelope, api) => {
  window.differences = async () => {
    const told = await (await fetch(api + "/api/session", { credentials: "include" })).json();
    const found = [];
    const look = (at, a, b) => {
      if (withheld.includes(at) && b === undefined) return;
      if (Object(a) === a && Object(b) === b) for (const key of Object.keys({ ...a, ...b })) look(at + "." + key, a[key], b[key]);
      else if (a !== b) found.push(`${at}: ${JSON.stringify(a)} in the hook, ${JSON.stringify(b)} told`);
    };
    const { fromCache, ...rest } = envelope();
    for (const key of Object.keys(rest)) look(key, rest[key], told[key]);
    return found.join("\n");
  };
};
