import { createRoot } from "react-dom/client";
import { compare } from "./compare.js";
import { StytchB2BProvider, useStytchMember, useStytchMemberSession, useStytchOrganization } from "@stytch/react/b2b";
import { createStytchB2BClient } from "@stytch/react/b2b/headless";

const query = new URLSearchParams(location.search);
window.stytch = createStytchB2BClient(query.get("public"), { endpoints: { testAPIURL: query.get("stytch") } });
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

compare(() => window.envelope, query.get("api"));
