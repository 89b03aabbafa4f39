// What pages do with it: the guard, and fetch.
import assert from "node:assert/strict";
import test from "node:test";
import { Browser, Problem, anonymous, memberState, problem, settled, undecided } from "./world.mjs";

const open = (state, url) => {
  const browser = new Browser();
  browser.state = state;
  return { browser, tab: browser.tab(url) };
};

for (const [name, state, url, login, want] of [
  ["leads to the sign-in page, and back", anonymous, undefined, "/login", ["https://app.example.com/login?return_to=%2Fprofile%3Ftab%3D2%23top"]],
  ["keeps what the sign-in page's URL says", anonymous, undefined, "https://id.example.com/?a=b", ["https://id.example.com/?a=b&return_to=%2Fprofile%3Ftab%3D2%23top"]],
  ["leads to /login by default", anonymous, "https://app.example.com/", undefined, ["https://app.example.com/login?return_to=%2F"]],
  ["leaves a member alone", memberState("ada"), undefined, "/login", []],
  ["leaves who is not known yet alone", undecided, undefined, "/login", []],
  ["does not lead the sign-in page to itself", anonymous, "https://app.example.com/login?reason=session_ended", "/login", []],
]) {
  test("the guard " + name, async () => {
    const { tab } = open(state, url);
    tab.store.guard(login && { login });
    assert.deepEqual(tab.left, []);
    await settled();
    assert.deepEqual(tab.left, want);
  });
}

test("the guard leads away when the session ends, once it stands", async () => {
  const { browser, tab } = open(memberState("ada"));
  const end = tab.store.guard({ login: "/login" });
  await settled();
  assert.deepEqual(tab.left, []);
  browser.state = anonymous;
  await tab.store.refresh();
  assert.equal(tab.left.length, 1);
  end();
  browser.state = memberState("bob");
  await tab.store.refresh();
  browser.state = anonymous;
  await tab.store.refresh();
  assert.equal(tab.left.length, 1, "and not when it was taken away");
});

test("problem details are thrown, with their code; the body is there to read", async () => {
  const { browser, tab } = open(memberState("ada"));
  browser.answer = () => problem(403, "permission_denied");
  await assert.rejects(tab.store.fetch("/api/admin"), (e) => {
    assert.ok(e instanceof Problem && e instanceof Error);
    assert.deepEqual([e.name, e.status, e.code, e.type, e.title, e.detail, e.message], ["Problem", 403, "permission_denied", "urn:stytchkit:permission_denied", "permission_denied", "It is permission_denied.", "It is permission_denied."]);
    assert.equal(e.response.bodyUsed, false);
    return true;
  });
});

test("problem details that are no JSON are a Problem too", async () => {
  const { browser, tab } = open(memberState("ada"));
  browser.answer = () => new Response("<", { status: 500, headers: { "Content-Type": "application/problem+json" } });
  await assert.rejects(tab.store.fetch("/api/admin"), (e) => e instanceof Problem && e.status === 500 && e.code === undefined && e.message === "HTTP 500");
});

test("what is no problem is given as it is", async () => {
  const { browser, tab } = open(memberState("ada"));
  for (const status of [200, 204, 404, 500]) {
    browser.answer = () => new Response(null, { status });
    assert.equal((await tab.store.fetch("/api/x")).status, status);
  }
});

for (const [name, init, want] of [
  ["GET", undefined, 2],
  ["HEAD", { method: "head" }, 2],
  ["POST", { method: "POST" }, 1],
]) {
  test("a 503 to a " + name + " is asked again by its Retry-After: " + (want > 1), async () => {
    const { browser, tab } = open(memberState("ada"));
    const { answer } = browser;
    browser.answer = () => problem(503, "stytch_unavailable", { "Retry-After": "5" });
    const result = tab.store.fetch("/api/x", init).then((r) => r.status, (e) => e.status);
    await browser.advance(4_900);
    assert.equal(browser.asked("/api/x"), 1);
    browser.answer = answer;
    await browser.advance(200);
    assert.equal(browser.asked("/api/x"), want);
    assert.equal(await result, want === 2 ? 200 : 503);
  });
}

for (const [name, headers, want] of [
  ["three times at most", { "Retry-After": "1" }, 3],
  ["by a date too", { "Retry-After": "Sun, 01 Mar 2026 12:00:02 GMT" }, 3],
  ["not without Retry-After", {}, 1],
  ["not when that is long", { "Retry-After": "31" }, 1],
]) {
  test("a 503 is asked about " + name, async () => {
    const { browser, tab } = open(memberState("ada"));
    browser.answer = () => problem(503, "stytch_unavailable", headers);
    const result = assert.rejects(tab.store.fetch("/api/x"), (e) => e.code === "stytch_unavailable");
    await browser.advance(60_000);
    await result;
    assert.equal(browser.asked("/api/x"), want);
  });
}

test("waiting for Retry-After ends with the caller's patience", async () => {
  const { browser, tab } = open(memberState("ada"));
  browser.answer = () => problem(503, "stytch_unavailable", { "Retry-After": "5" });
  const patience = new AbortController();
  const result = assert.rejects(tab.store.fetch("/api/x", { signal: patience.signal }), { name: "AbortError" });
  await browser.advance(1_000);
  patience.abort();
  await result;
  await browser.advance(60_000);
  assert.equal(browser.asked("/api/x"), 1);
});

test("a 401 is reported to the store, which asks the server", async () => {
  const { browser, tab } = open(memberState("ada"));
  tab.watch();
  await settled();
  const { answer } = browser;
  browser.state = anonymous;
  browser.answer = (r) => (r.path === "/api/me" ? problem(401, "session_ended") : answer.call(browser, r));
  await assert.rejects(tab.store.fetch("/api/me"), { code: "session_ended" });
  await settled();
  assert.equal(tab.said.at(-1), "nobody");
});
