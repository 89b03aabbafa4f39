// When the server is asked.
import assert from "node:assert/strict";
import test from "node:test";
import { Browser, anonymous, memberState, problem, settled } from "./world.mjs";

const signedIn = async () => {
  const browser = new Browser();
  browser.state = memberState("ada");
  const tab = browser.tab().watch();
  await settled();
  browser.requests.length = 0;
  return { browser, tab };
};

for (const [name, happen] of Object.entries({
  "the window has the focus": (tab) => tab.fire("focus"),
  "the page can be seen": (tab) => tab.fire("visibilitychange", {}, tab.window.document),
  "the network is back": (tab) => tab.fire("online"),
  "the page is back from the back/forward cache": (tab) => tab.fire("pageshow", { persisted: true }),
})) {
  test("asked again when " + name, async () => {
    const { browser, tab } = await signedIn();
    happen(tab);
    await settled();
    assert.equal(browser.asked(), 1);
  });
}

for (const [name, happen] of Object.entries({
  "the page is hidden": (tab) => {
    tab.window.document.visibilityState = "hidden";
    tab.fire("visibilitychange", {}, tab.window.document);
  },
  "the page is shown for the first time": (tab) => tab.fire("pageshow", { persisted: false }),
  "the page is left for good": (tab) => tab.fire("pagehide", { persisted: false }),
})) {
  test("not asked when " + name, async () => {
    const { browser, tab } = await signedIn();
    happen(tab);
    await settled();
    assert.equal(browser.asked(), 0);
    assert.deepEqual(tab.said, ["nobody unknown", "ada"]);
  });
}

test("asked again when the session ends", async () => {
  const { browser, tab } = await signedIn();
  await browser.advance(3599_000);
  assert.equal(browser.asked(), 0);
  browser.state = anonymous;
  await browser.advance(2_000);
  assert.deepEqual(tab.said, ["nobody unknown", "ada", "nobody"]);
});

test("a session of months is not asked about at once", async () => {
  const browser = new Browser();
  browser.state = memberState("ada", { expires_at: new Date(browser.now + 60 * 24 * 3600_000).toISOString() });
  browser.tab().watch();
  await browser.advance(24 * 3600_000);
  assert.equal(browser.asked(), 1);
});

test("nothing is left to happen but the session's end, and nothing when nobody is signed in", async () => {
  const { browser, tab } = await signedIn();
  assert.equal(browser.timers.size, 1);
  const { answer } = browser;
  browser.answer = () => problem(503, "stytch_unavailable");
  await tab.store.refresh();
  await tab.store.refresh();
  assert.equal(browser.timers.size, 1);
  browser.answer = answer;
  await tab.store.refresh();
  assert.equal(browser.timers.size, 1);
  await tab.store.signOut();
  assert.equal(browser.timers.size, 0);
  browser.answer = () => problem(503, "stytch_unavailable");
  await tab.store.refresh();
  browser.answer = answer;
  await tab.store.refresh();
  assert.equal(browser.timers.size, 0);
});

test("a clock that is ahead asks no more than every ten seconds", async () => {
  const { browser, tab } = await signedIn();
  await browser.advance(3600_000 + 65_000);
  assert.ok(browser.asked() <= 8, browser.asked() + " requests in a minute");
  assert.deepEqual(tab.said, ["nobody unknown", "ada"]);
});

test("one request at a time, and 304 by ETag", async () => {
  const { browser, tab } = await signedIn();
  for (const type of ["focus", "online", "focus"]) tab.fire(type);
  await Promise.all([tab.store.refresh(), tab.store.refresh()]);
  assert.equal(browser.asked(), 1);
  assert.equal(browser.most, 1);
  assert.ok(browser.requests[0].headers.get("If-None-Match"));
  assert.equal(browser.requests[0].init.cache, "no-store", "the browser's own cache would hide the 304");
});

test("failures are asked about again later and later, with jitter", async () => {
  const { browser, tab } = await signedIn();
  const { answer } = browser;
  const at = [];
  const fail = () => {
    at.push(browser.now);
    return problem(503, "stytch_unavailable");
  };
  browser.answer = fail;
  await tab.store.refresh();
  await browser.advance(600_000);
  const waits = at.slice(1).map((t, i) => t - at[i]);
  for (const [i, wait] of waits.entries()) {
    const most = Math.min(60, 2 ** i) * 1000;
    assert.ok(wait >= most / 2 && wait <= most, `wait ${i} is ${wait} ms, want between ${most / 2} and ${most}`);
  }
  browser.answer = answer;
  await tab.store.refresh();
  browser.answer = fail;
  await tab.store.refresh();
  await browser.advance(1_000);
  assert.ok(at.at(-1) - at.at(-2) <= 1000, "after an answer it begins anew");
  assert.ok(new Set(waits.slice(-5).map((w) => Math.round(w))).size > 1, "they are all the same: " + waits);
});

test("Retry-After is honoured, whatever happens in between", async () => {
  const { browser, tab } = await signedIn();
  const { answer } = browser;
  browser.answer = () => problem(503, "stytch_unavailable", { "Retry-After": "30" });
  await tab.store.refresh();
  browser.answer = answer;
  await browser.advance(29_000);
  tab.fire("focus");
  tab.fire("online");
  await tab.store.refresh();
  assert.equal(browser.asked(), 1);
  await browser.advance(1_000);
  assert.equal(browser.asked(), 2);
  tab.fire("focus");
  await settled();
  assert.equal(browser.asked(), 3, "and is over with the first answer");
});

test("the network's return is not waited for", async () => {
  const { browser, tab } = await signedIn();
  const { answer } = browser;
  browser.answer = () => Promise.reject(new TypeError("Failed to fetch"));
  await tab.store.refresh();
  browser.answer = answer;
  browser.state = anonymous;
  tab.fire("online");
  await settled();
  assert.deepEqual(tab.said, ["nobody unknown", "ada", "nobody"]);
});

test("a request that never ends is given up", async () => {
  const { browser, tab } = await signedIn();
  const { answer } = browser;
  browser.answer = ({ init }) => new Promise((_, reject) => init.signal?.addEventListener("abort", () => reject(init.signal.reason)));
  tab.fire("focus");
  await settled();
  browser.answer = answer;
  browser.state = anonymous;
  await browser.advance(17_000);
  assert.deepEqual(tab.said, ["nobody unknown", "ada", "nobody"]);
});

test("Back after signing out never shows the old member", async () => {
  const { browser, tab } = await signedIn();
  tab.fire("pagehide", { persisted: true });
  assert.equal(tab.said.at(-1), "nobody unknown", "the page is put away without them");
  browser.state = anonymous;
  tab.fire("pageshow", { persisted: true });
  await settled();
  assert.deepEqual(tab.said, ["nobody unknown", "ada", "nobody unknown", "nobody"]);
  assert.equal(browser.requests.at(-1).headers.has("If-None-Match"), false);
});

test("a page that is put away asks nothing, and takes no answer", async () => {
  const { browser, tab } = await signedIn();
  const { answer } = browser;
  let release;
  browser.answer = () => new Promise((resolve) => (release = () => resolve(Response.json(memberState("ada")))));
  tab.fire("focus");
  await settled();
  tab.fire("pagehide", { persisted: true });
  browser.answer = answer;
  release();
  await browser.advance(2 * 3600_000);
  assert.deepEqual(tab.said, ["nobody unknown", "ada", "nobody unknown"]);
  assert.equal(browser.asked(), 1);
  browser.state = anonymous;
  tab.fire("pageshow", { persisted: true });
  await settled();
  assert.deepEqual(tab.said, ["nobody unknown", "ada", "nobody unknown", "nobody"]);
});

test("a page that is back hears the other tabs again", async () => {
  const { browser, tab } = await signedIn();
  tab.fire("pagehide", { persisted: true });
  assert.equal(browser.channels.size, 0, "an open channel keeps pages out of the back/forward cache");
  tab.fire("pageshow", { persisted: true });
  const other = browser.tab().watch();
  await settled();
  await other.store.signOut();
  await settled();
  assert.deepEqual(tab.said, ["nobody unknown", "ada", "nobody unknown", "ada", "nobody"]);
});

test("an answer that was on its way when the page was put away is not taken", async () => {
  const { browser, tab } = await signedIn();
  const { answer } = browser;
  let release;
  browser.answer = () => new Promise((resolve) => (release = () => resolve(Response.json(memberState("ada")))));
  tab.fire("focus");
  await settled();
  tab.fire("pagehide", { persisted: true });
  browser.answer = answer;
  browser.state = anonymous;
  tab.fire("pageshow", { persisted: true });
  release();
  await settled();
  assert.deepEqual(tab.said, ["nobody unknown", "ada", "nobody unknown", "nobody"]);
});
