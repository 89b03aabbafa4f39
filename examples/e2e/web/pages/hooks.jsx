import { createRoot } from "react-dom/client";
import { StytchB2BProvider, useStytchMember, useStytchMemberSession, useStytchOrganization } from "@stytch/react/b2b";
import { createStytchB2BClient } from "@stytch/react/b2b/headless";

const query = new URLSearchParams(location.search);
window.stytch = createStytchB2BClient(query.get("token"), { endpoints: { testAPIURL: query.get("stytch") } });
window.renders = [];

function Page() {
  const { session, fromCache, isInitialized } = useStytchMemberSession();
  const { member } = useStytchMember();
  const { organization } = useStytchOrganization();
  window.envelope = { session, member, organization, fromCache, isInitialized };
  window.renders.push([session && session.member_id, fromCache, isInitialized]);
  return <p>{member?.email_address ?? "Nobody"}{fromCache ? "" : ", from Stytch"}</p>;
}

document.querySelector("#who").remove();
const root = document.body.appendChild(document.createElement("div"));
createRoot(root).render(<StytchB2BProvider stytch={stytch} assumeHydrated={false}><Page /></StytchB2BProvider>);

// What only a backend gets at Stytch: the stand-in tells it to the SDK too, the application to nobody.
const withheld = ["organization.created_at", "organization.updated_at"];

const isEmpty = (value) => !value || (Object(value) === value && Object.keys(value).length === 0);

/** differences are the fields of the hooks' envelope that the application tells otherwise; it leaves out what is empty. */
window.differences = async () => {
  const told = await (await fetch(query.get("api") + "/state", { credentials: "include" })).json();
  const found = [];
  const compare = (at, a, b) => {
    if (withheld.includes(at) || (b === undefined && isEmpty(a))) return;
    if (Object(a) === a && Object(b) === b) for (const key of Object.keys({ ...a, ...b })) compare(at + "." + key, a[key], b[key]);
    else if (a !== b) found.push(`${at}: ${JSON.stringify(a)} in the hook, ${JSON.stringify(b)} told`);
  };
  for (const key of ["session", "member", "organization", "isInitialized"]) compare(key, window.envelope[key], told[key]);
  return found.join("\n");
};
