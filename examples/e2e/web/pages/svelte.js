import { state } from "./sample.jsx";

state.subscribe((s) => (document.querySelector("#root").textContent = s.member?.email_address ?? "Nobody"));
