import { session } from "/auth/client.js";

const name = (s) => (s.session?.member_id ? s.member.email_address : "nobody") + (s.fromCache ? " kept" : "") + (s.isInitialized ? "" : " unknown");
const who = document.getElementById("who");
window.seen = [];
const show = () => window.seen.push((who.textContent = name(session.getSnapshot())));
show();
session.subscribe(show);
window.session = session;
// becomes waits until the page shows it.
window.becomes = (text) =>
  new Promise((done) => {
    const look = () => who.textContent === text && done(text);
    session.subscribe(look);
    look();
  });
addEventListener("pageshow", (e) => (window.restored = e.persisted));
