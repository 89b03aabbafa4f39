// The order of the states, and when they change.
import assert from "node:assert/strict";
import test from "node:test";
import { Browser, anonymous, memberState, problem, settled, undecided } from "./world.mjs";

test("first null, false, false; then what is persisted, fromCache; then the server's", async () => {
  const browser = new Browser();
  browser.state = memberState("ada");
  const first = browser.tab().watch();
  assert.equal(browser.requests.length, 0);
  assert.ok(Object.isFrozen(first.state) && Object.isFrozen(first.store));
  await settled();
  assert.deepEqual(first.said, ["nobody unknown", "ada"]);
  assert.deepEqual([browser.requests[0].headers.get("Accept"), browser.requests[0].init.credentials], ["application/json", "same-origin"]);
  assert.deepEqual({ ...first.seen[0] }, { session: null, member: null, organization: null, user: null, fromCache: false, isInitialized: false });

  const second = browser.tab().watch();
  assert.equal(second.state, second.store.getServerSnapshot(), "a first render sees what a server's does");
  await settled();
  assert.deepEqual(second.said, ["nobody unknown", "ada kept", "ada"]);
  assert.equal(browser.requests.at(-1).headers.has("If-None-Match"), true, "what is kept is asked about by its ETag");
});

test("nothing happens before the first use, and on a server nothing ever does", async () => {
  const browser = new Browser();
  const tab = browser.tab();
  await settled();
  assert.equal(browser.requests.length, 0);
  delete tab.window.document;
  tab.watch();
  assert.equal(await tab.store.refresh(), tab.store.getServerSnapshot());
  assert.equal(browser.requests.length, 0);
});

test("getServerSnapshot is always the first state", async () => {
  const browser = new Browser();
  const tab = browser.tab();
  const first = tab.state;
  browser.state = memberState("ada");
  await tab.store.refresh();
  assert.equal(tab.store.getServerSnapshot(), first);
});

test("the snapshot is frozen, deep down, and identical while nothing changed", async () => {
  const browser = new Browser();
  browser.state = memberState("ada");
  const tab = browser.tab().watch();
  await settled();
  const before = tab.state;
  for (const part of [before, before.session, before.member, before.session.custom_claims.plan]) assert.ok(Object.isFrozen(part));
  await tab.store.refresh();
  assert.equal(tab.state, before);
});

test("a change fires once, deep-equal states never, last_accessed_at aside", async () => {
  const browser = new Browser();
  browser.state = memberState("ada");
  const tab = browser.tab().watch();
  await settled();
  browser.state = memberState("ada", { last_accessed_at: "2026-03-01T12:05:00Z" });
  await tab.store.refresh();
  assert.equal(tab.seen.length, 2);
  browser.state = memberState("ada", { custom_claims: { plan: { seats: 4 } } });
  await tab.store.refresh();
  await settled();
  assert.equal(tab.seen.length, 3);
  assert.equal(tab.state.session.custom_claims.plan.seats, 4);
  browser.state = memberState("ada", { custom_claims: undefined });
  await tab.store.refresh();
  assert.equal(tab.seen.length, 4, "what is gone is a change too");
});

test("whatever keys the server's JSON has are passed on: a consumer project's user", async () => {
  const browser = new Browser();
  const { session } = memberState("ada");
  browser.state = { session, user: { user_id: "user-1" }, fromCache: false, isInitialized: true, extra: [1] };
  const tab = browser.tab();
  await tab.store.refresh();
  assert.deepEqual(tab.state, browser.state);
});

test("no token is kept: only what the state's JSON tells", async () => {
  const browser = new Browser();
  browser.state = memberState("ada");
  await browser.tab().store.refresh();
  assert.deepEqual([...browser.kept.keys()], ["stytchkit https://app.example.com/auth/session"]);
  const kept = JSON.parse([...browser.kept.values()][0]);
  assert.deepEqual(Object.keys(kept), ["tag", "state"]);
  assert.deepEqual(kept.state, { ...browser.state, fromCache: false });
});

test("a kept session that is over by now is not shown, nor that nobody was signed in", async () => {
  const browser = new Browser();
  browser.state = memberState("ada");
  await browser.tab().store.refresh();
  browser.now += 2 * 3600_000;
  browser.state = anonymous;
  const later = browser.tab().watch();
  await settled();
  assert.deepEqual(later.said, ["nobody unknown", "nobody"]);
  browser.state = memberState("bob", { expires_at: new Date(browser.now + 3600_000).toISOString() });
  const signedIn = browser.tab().watch();
  await settled();
  assert.deepEqual(signedIn.said, ["nobody unknown", "bob"]);
});

test("it works without storage", async () => {
  const browser = new Browser({ storage: false });
  browser.state = memberState("ada");
  const tab = browser.tab().watch();
  await settled();
  browser.state = anonymous;
  await tab.store.refresh();
  assert.deepEqual(tab.said, ["nobody unknown", "ada", "nobody"]);
});

test("a subscriber that throws keeps no other from hearing, and one that left hears nothing", async () => {
  const browser = new Browser();
  const tab = browser.tab();
  let heard = 0;
  tab.store.subscribe(() => { throw new Error("mine"); });
  tab.store.subscribe(() => heard++);
  tab.store.subscribe(() => heard++)();
  await settled();
  assert.equal(heard, 1);
  await assert.rejects(browser.advance(1), /mine/, "the error is the page's own, and reported");
});

test("each subscription is one, and hears what happens after it, with nothing", async () => {
  const browser = new Browser();
  const tab = browser.tab();
  const heard = [];
  const f = (...a) => heard.push(a);
  const end = tab.store.subscribe(f);
  tab.store.subscribe(f);
  let late = 0;
  const once = tab.store.subscribe(() => {
    once();
    tab.store.subscribe(() => late++);
  });
  await settled();
  assert.deepEqual(heard, [[], []]);
  assert.equal(late, 0);
  end();
  browser.state = memberState("ada");
  await tab.store.refresh();
  assert.deepEqual([heard.length, late], [3, 1]);
});

for (const [name, answer] of Object.entries({
  "a 503": () => problem(503, "stytch_unavailable"),
  "a 500": () => problem(500, "stytch_misconfigured"),
  "a 400": () => problem(400, "invalid_request"),
  "isInitialized: false": () => Response.json(undecided),
  "a page of some proxy": () => new Response("<h1>Hello</h1>"),
  "JSON of somebody else's": () => Response.json({ isInitialized: true }),
  "no network": () => Promise.reject(new TypeError("Failed to fetch")),
})) {
  test(name + " keeps the state", async () => {
    const browser = new Browser();
    browser.state = memberState("ada");
    const tab = browser.tab().watch();
    await settled();
    const { answer: before } = browser;
    browser.answer = answer;
    await tab.store.refresh();
    assert.deepEqual(tab.said, ["nobody unknown", "ada"]);
    const fresh = browser.tab().watch();
    await settled();
    assert.deepEqual(fresh.said, ["nobody unknown", "ada kept"], "and what is kept is shown");
    browser.answer = before;
    browser.state = anonymous;
    await browser.advance(60_000);
    assert.deepEqual(tab.said, ["nobody unknown", "ada", "nobody"], "isInitialized: true without a session signs out");
  });
}
