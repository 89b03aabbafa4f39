import { createRoot } from "react-dom/client";
import { StytchProvider, useStytchSession, useStytchUser } from "@stytch/react";
import { createStytchClient } from "@stytch/react/headless";
import { compare } from "./compare.js";

const query = new URLSearchParams(location.search);
window.stytch = createStytchClient(query.get("public"), { endpoints: { testAPIURL: query.get("stytch") } });
window.renders = [];

function Page() {
  const { session, fromCache, isInitialized } = useStytchSession();
  const { user } = useStytchUser();
  window.envelope = { session, user, fromCache, isInitialized };
  window.renders.push([session && session.user_id, fromCache, isInitialized]);
  return <p>{user?.emails[0].email ?? "Nobody"}{fromCache ? "" : ", from Stytch"}</p>;
}

document.querySelector("#who").remove();
const root = document.body.appendChild(document.createElement("div"));
createRoot(root).render(<StytchProvider stytch={stytch} assumeHydrated={false}><Page /></StytchProvider>);

compare(() => window.envelope, query.get("api"));
