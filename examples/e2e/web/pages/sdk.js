import { StytchB2BClient } from "@stytch/vanilla-js/b2b/headless";

const query = new URLSearchParams(location.search);
window.stytch = new StytchB2BClient(query.get("token"), { endpoints: { testAPIURL: query.get("stytch") } });
const show = () => (document.querySelector("#who").textContent = stytch.self.getSync()?.email_address ?? "Nobody");
stytch.onStateChange(show);
show();

/** api asks the application at another origin, with the cookies that the SDK set. */
window.api = async (path, method = "GET") => {
  const r = await fetch(query.get("api") + path, { method, credentials: "include" });
  return r.status + " " + (await r.text());
};
window.jwt = () => stytch.session.getTokens()?.session_jwt;
