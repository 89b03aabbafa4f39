import { StytchB2BClient } from "@stytch/vanilla-js/b2b/headless";
import { calls } from "./calls.js";

window.query = new URLSearchParams(location.search);
window.stytch = new StytchB2BClient(query.get("public"), {
  endpoints: { testAPIURL: query.get("stytch") },
  cookieOptions: { domain: location.hostname.replace("app.", ""), availableToSubdomains: true },
});
const show = () => (document.querySelector("#who").textContent = stytch.self.getSync()?.email_address ?? "Nobody");
stytch.onStateChange(show);
show();
calls(query.get("api"));
