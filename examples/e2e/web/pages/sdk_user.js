import { StytchClient } from "@stytch/vanilla-js/headless";
import { calls } from "./calls.js";

window.query = new URLSearchParams(location.search);
window.stytch = new StytchClient(query.get("public"), {
  endpoints: { testAPIURL: query.get("stytch") },
  cookieOptions: { domain: location.hostname.replace("app.", ""), availableToSubdomains: true },
});
const show = () => (document.querySelector("#who").textContent = stytch.user.getSync()?.emails[0].email ?? "Nobody");
stytch.onStateChange(show);
show();
calls(query.get("api"));
