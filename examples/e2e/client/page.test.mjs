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
  ["leads to another origin's page of the same path", anonymous, "https://app.example.com/login", "https://id.example.com/login", ["https://id.example.com/login?return_to=%2Flogin"]],
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

test("the guard of who is known to be nobody leads away at once", async () => {
  const { tab } = open(anonymous);
  await tab.store.refresh();
  tab.store.guard();
  assert.equal(tab.left.length, 1);
});

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

test("what is no refusal is given as it is, whatever its type", async () => {
  const { browser, tab } = open(memberState("ada"));
  browser.answer = () => new Response("{}", { headers: { "Content-Type": "application/problem+json" } });
  assert.equal((await tab.store.fetch("/api/x")).status, 200);
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
  ["Request that POSTs", new Request("https://app.example.com/api/x", { method: "POST" }), 1],
]) {
  test("a 503 to a " + name + " is asked again by its Retry-After: " + (want > 1), async () => {
    const { browser, tab } = open(memberState("ada"));
    const { answer } = browser;
    browser.answer = () => problem(503, "stytch_unavailable", { "Retry-After": "5" });
    const result = (init instanceof Request ? tab.store.fetch(init) : tab.store.fetch("/api/x", init)).then((r) => r.status, (e) => e.status);
    await browser.advance(4_900);
    assert.equal(browser.asked("/api/x"), 1);
    browser.answer = answer;
    await browser.advance(200);
    assert.deepEqual(browser.requests.map((r) => r.method), Array(want).fill(init?.method ?? "GET"));
    assert.equal(await result, want === 2 ? 200 : 503);
  });
}

for (const [name, status, headers, at] of [
  ["a 503 is asked about three times at most", 503, { "Retry-After": "1" }, [0, 1000, 2000]],
  ["a 503 is asked about by a date too", 503, { "Retry-After": "Sun, 01 Mar 2026 12:00:02 GMT" }, [0, 2000, 2000]],
  ["a 503 is not asked about without Retry-After", 503, {}, [0]],
  ["a 503 is not asked about when that is long", 503, { "Retry-After": "31" }, [0]],
  ["a 429 is the page's own", 429, { "Retry-After": "1" }, [0]],
  ["a 500 is not asked about again", 500, { "Retry-After": "1" }, [0]],
]) {
  test(name, async () => {
    const { browser, tab } = open(memberState("ada"));
    const begun = browser.now;
    const asked = [];
    browser.answer = () => {
      asked.push(browser.now - begun);
      return problem(status, "some_code", headers);
    };
    const result = assert.rejects(tab.store.fetch("/api/x"), (e) => e.code === "some_code");
    await browser.advance(60_000);
    await result;
    assert.deepEqual(asked, at);
  });
}

for (const [name, ask] of Object.entries({
  "": (tab, signal) => tab.store.fetch("/api/x", { signal }),
  ", also that of a Request": (tab, signal) => tab.store.fetch(new Request("https://app.example.com/api/x", { signal })),
})) {
  test("waiting for Retry-After ends with the caller's patience" + name, async () => {
    const { browser, tab } = open(memberState("ada"));
    browser.answer = () => problem(503, "stytch_unavailable", { "Retry-After": "5" });
    const patience = new AbortController();
    const result = assert.rejects(ask(tab, patience.signal), { name: "AbortError" });
    await browser.advance(1_000);
    patience.abort();
    await result;
    assert.equal(browser.timers.size, 0);
    await browser.advance(60_000);
    assert.equal(browser.asked("/api/x"), 1);
  });
}

test("a 403 says nothing about who is signed in", async () => {
  const { browser, tab } = open(memberState("ada"));
  tab.watch();
  await settled();
  browser.answer = () => problem(403, "permission_denied");
  await assert.rejects(tab.store.fetch("/api/admin"));
  await settled();
  assert.equal(browser.asked(), 1);
});

test("an answer from before a 401 is not taken", async () => {
  const { browser, tab } = open(memberState("ada"));
  tab.watch();
  await settled();
  const { answer } = browser;
  let release;
  browser.answer = () => new Promise((resolve) => (release = () => resolve(Response.json(memberState("ada", { custom_claims: null })))));
  tab.fire("focus");
  await settled();
  browser.state = anonymous;
  browser.answer = (r) => (r.path === "/api/me" ? problem(401, "session_ended") : answer.call(browser, r));
  await assert.rejects(tab.store.fetch("/api/me"));
  release();
  await settled();
  assert.deepEqual(tab.said, ["nobody unknown", "ada", "nobody"]);
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
