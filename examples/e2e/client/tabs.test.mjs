// Tabs agree.
import assert from "node:assert/strict";
import test from "node:test";
import { Browser, Problem, anonymous, memberState, problem, settled } from "./world.mjs";

for (const channels of [true, false]) {
  const by = channels ? " (by BroadcastChannel)" : " (by the storage event)";
  const open = async (count) => {
    const browser = new Browser({ channels });
    browser.state = memberState("ada");
    const tabs = Array.from({ length: count }, () => browser.tab().watch());
    await settled();
    for (const tab of tabs) assert.equal(tab.said.at(-1), "ada");
    browser.requests.length = 0;
    for (const tab of tabs) tab.seen.length = 0;
    return { browser, tabs };
  };

  test("what one tab learns, all know" + by, async () => {
    const { browser, tabs } = await open(3);
    browser.state = anonymous;
    tabs[0].fire("focus");
    await settled();
    for (const tab of tabs) assert.deepEqual(tab.said, ["nobody"]);
    assert.ok(browser.asked() <= 6, browser.asked() + " requests");
  });

  test("no news is told to nobody" + by, async () => {
    const { browser, tabs } = await open(3);
    browser.state = memberState("ada", { last_accessed_at: "2026-03-01T12:05:00Z" });
    tabs[0].fire("focus");
    await settled();
    assert.equal(browser.asked(), 1);
  });

  test("signing out in one signs all out" + by, async () => {
    const { browser, tabs } = await open(3);
    await tabs[1].store.signOut();
    assert.deepEqual(tabs[1].said, ["nobody"]);
    await settled();
    for (const tab of tabs) assert.deepEqual(tab.said, ["nobody"]);
    const out = browser.requests.filter((r) => r.path === "/auth/logout");
    assert.deepEqual(out.map((r) => [r.method, r.headers.get("Accept"), r.init.credentials]), [["POST", "application/json", "same-origin"]]);
    tabs[1].fire("focus");
    await settled();
    assert.equal(browser.requests.at(-1).headers.has("If-None-Match"), false, "and what is asked then is not whether they are still there");
    const next = browser.tab().watch();
    await settled();
    assert.deepEqual(next.said, ["nobody unknown", "nobody"], "nothing of them is kept");
  });

  test("signing out reaches the tabs also while the server cannot be asked" + by, async () => {
    const { browser, tabs } = await open(2);
    browser.answer = (r) => (r.path === "/auth/logout" ? new Response(null, { status: 202 }) : problem(503, "stytch_unavailable"));
    await tabs[0].store.signOut();
    await settled();
    for (const tab of tabs) assert.deepEqual(tab.said, ["nobody"]);
    const next = browser.tab().watch();
    await settled();
    assert.deepEqual(next.said, ["nobody unknown"], "nothing of them is kept");
  });

  test("another member who signs in in another tab replaces the state everywhere, and never mixes" + by, async () => {
    const { browser, tabs } = await open(3);
    browser.state = memberState("bob");
    const page = browser.tab().watch();
    await settled();
    assert.equal(page.said.at(-1), "bob");
    for (const tab of tabs) {
      assert.deepEqual(tab.said, ["bob"]);
      for (const s of tab.seen) assert.equal(s.session.member_id, s.member.member_id);
    }
  });

  test("an answer from before another tab's news is not taken" + by, async () => {
    const { browser, tabs } = await open(2);
    const { answer } = browser;
    let release;
    browser.answer = () => new Promise((resolve) => (release = () => resolve(Response.json(memberState("ada", { custom_claims: { old: true } })))));
    tabs[0].fire("focus");
    await settled();
    browser.answer = answer;
    browser.state = memberState("bob");
    tabs[1].fire("focus");
    await settled();
    release();
    await settled();
    for (const tab of tabs) assert.deepEqual(tab.said, ["bob"]);
  });

  test("an answer from before a sign-out is not taken" + by, async () => {
    const { browser, tabs: [tab] } = await open(1);
    const { answer } = browser;
    let release;
    browser.answer = () => new Promise((resolve) => (release = () => resolve(Response.json(memberState("ada", { custom_claims: null })))));
    tab.fire("focus");
    await settled();
    browser.answer = answer;
    await tab.store.signOut();
    release();
    await settled();
    assert.deepEqual(tab.said, ["nobody"]);
  });
}

test("a page that does nothing but sign out signs all out, without storage too", async () => {
  const browser = new Browser({ storage: false });
  browser.state = memberState("ada");
  const tab = browser.tab().watch();
  await settled();
  await browser.tab().store.signOut();
  await settled();
  assert.deepEqual(tab.said, ["nobody unknown", "ada", "nobody"]);
});

test("a tab that clears the storage changes nothing", async () => {
  const browser = new Browser();
  browser.state = memberState("ada");
  const tab = browser.tab().watch();
  await settled();
  for (const key of [null, [...browser.kept.keys()][0], [...browser.kept.keys()][0] + "!"]) tab.fire("storage", { key, newValue: null });
  await settled();
  assert.deepEqual([tab.said, browser.asked()], [["nobody unknown", "ada"], 1]);
});

test("tabs agree without storage too", async () => {
  const browser = new Browser({ storage: false });
  browser.state = memberState("ada");
  const tabs = [browser.tab().watch(), browser.tab().watch()];
  await settled();
  browser.state = memberState("bob");
  tabs[0].fire("focus");
  await settled();
  for (const tab of tabs) assert.deepEqual(tab.said, ["nobody unknown", "ada", "bob"]);
  browser.requests.length = 0;
  await browser.advance(60_000);
  assert.equal(browser.asked(), 0, "they stop telling one another");
});

test("a form that signs out, without the client, signs all tabs out by the page that follows", async () => {
  const browser = new Browser();
  browser.state = memberState("ada");
  const tabs = [browser.tab().watch(), browser.tab().watch()];
  await settled();
  const submit = (action) => {
    const event = new Event("submit");
    Object.defineProperty(event, "target", { value: { action } });
    tabs[0].window.dispatchEvent(event);
  };
  submit("https://app.example.com/search");
  const page = browser.tab().watch();
  await settled();
  assert.deepEqual(page.said, ["nobody unknown", "ada kept", "ada"], "another form leaves what is kept");
  submit("https://app.example.com/auth/logout");
  browser.state = anonymous;
  const next = browser.tab("https://app.example.com/").watch();
  await settled();
  assert.deepEqual(next.said, ["nobody unknown", "nobody"]);
  assert.equal(tabs[1].said.at(-1), "nobody");
});

for (const [name, answer, reason] of [
  ["refused", () => problem(403, "cross_origin"), (e) => e instanceof Problem && e.code === "cross_origin" && e.status === 403],
  ["lost", () => Promise.reject(new TypeError("Failed to fetch")), TypeError],
]) {
  test("a sign-out that is " + name + " changes nothing, and says so", async () => {
    const browser = new Browser();
    browser.state = memberState("ada");
    const tabs = [browser.tab().watch(), browser.tab().watch()];
    await settled();
    browser.answer = answer;
    await assert.rejects(tabs[0].store.signOut(), reason);
    await settled();
    for (const tab of tabs) assert.equal(tab.said.at(-1), "ada");
  });
}
