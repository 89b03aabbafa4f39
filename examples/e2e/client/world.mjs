// A browser to test client.js in: its clock, storage and tabs, and a server that tells a state.

import { createHash } from "node:crypto";

const { createSession, Problem } = await import(process.env.CLIENT_MODULE);
export { createSession, Problem };

/** Everything that waits for nothing but promises has happened. */
export const settled = async () => {
  for (let i = 0; i < 5; i++) await new Promise(setImmediate);
};

export const anonymous = { session: null, member: null, organization: null, fromCache: false, isInitialized: true };
export const undecided = { ...anonymous, isInitialized: false };

const begun = Date.parse("2026-03-01T12:00:00Z");

/** The state of a member, whose session lives for an hour. */
export const memberState = (name, fields = {}) => ({
  session: {
    member_session_id: "member-session-" + name,
    member_id: "member-" + name,
    organization_id: "organization-acme",
    started_at: new Date(begun).toISOString(),
    last_accessed_at: new Date(begun).toISOString(),
    expires_at: new Date(begun + 3600_000).toISOString(),
    authentication_factors: [],
    custom_claims: { plan: { seats: 3 } },
    ...fields,
  },
  member: { member_id: "member-" + name, name },
  organization: { organization_id: "organization-acme" },
  fromCache: true, // the server's own memory, which is no matter of the page's
  isInitialized: true,
});

export const problem = (status, code, headers = {}) =>
  new Response(JSON.stringify({ type: "urn:stytchkit:" + code, title: code, status, code, detail: "It is " + code + "." }), {
    status,
    headers: { "Content-Type": "application/problem+json", ...headers },
  });

export class Browser {
  constructor({ channels = true, storage = true } = {}) {
    this.now = begun;
    this.timers = new Map();
    this.kept = new Map();
    this.mayStore = storage;
    this.hasChannels = channels;
    this.channels = new Set();
    this.tabs = [];
    this.requests = [];
    this.state = anonymous; // what the server tells
    this.most = 0; // requests of one tab at once
  }

  /** answer replaces the server's answers, for a test. */
  async answer(request) {
    if (request.path === "/auth/logout") {
      this.state = anonymous;
      return new Response(null, { status: 204 });
    }
    const { fromCache, ...rest } = this.state;
    const tag = '"' + createHash("sha256").update(JSON.stringify(rest)).digest("base64url") + '"';
    if (request.headers.get("If-None-Match") === tag) return new Response(null, { status: 304, headers: { ETag: tag } });
    return new Response(JSON.stringify(this.state), { headers: { "Content-Type": "application/json", ETag: tag } });
  }

  async advance(ms) {
    const until = this.now + ms;
    await settled();
    for (;;) {
      const [id, next] = [...this.timers].sort(([, a], [, b]) => a.at - b.at)[0] ?? [];
      if (!next || next.at > until) break;
      this.timers.delete(id);
      this.now = Math.max(this.now, next.at);
      next.f();
      await settled();
    }
    this.now = until;
  }

  asked(path = "/auth/session") {
    return this.requests.filter((r) => r.path === path).length;
  }

  /** tab opens a page with a store of its own; seen is what its subscriber saw, the first state first. */
  tab(url = "https://app.example.com/profile?tab=2#top") {
    const tab = new Tab(this, url);
    this.tabs.push(tab);
    return tab;
  }
}

class Tab {
  constructor(browser, url) {
    this.browser = browser;
    this.location = Object.assign(new URL(url), { replace: (to) => this.left.push(to) });
    this.left = []; // where the page was sent
    this.open = 0;
    this.window = this.#window();
    this.store = createSession({ base: "/auth" }, this.window);
    this.seen = [];
  }

  get state() {
    return this.store.getSnapshot();
  }

  watch() {
    this.seen.push(this.state);
    this.store.subscribe(() => this.seen.push(this.state));
    return this;
  }

  /** said is what was seen, in short. */
  get said() {
    return this.seen.map((s) => (s.session?.member_id.replace("member-", "") ?? "nobody") + (s.fromCache ? " kept" : "") + (s.isInitialized ? "" : " unknown"));
  }

  fire(type, fields = {}, target = this.window) {
    target.dispatchEvent(Object.assign(new Event(type), fields));
  }

  #window() {
    const { browser } = this;
    const tab = this;
    const window = new EventTarget();
    const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
    Object.defineProperty(window, "localStorage", {
      get() {
        if (!browser.mayStore) throw new Error("storage is forbidden");
        return {
          getItem: (key) => browser.kept.get(key) ?? null,
          setItem: (key, newValue) => {
            if (browser.kept.get(key) === newValue) return; // which is no news to other tabs
            browser.kept.set(key, newValue);
            for (const other of browser.tabs) if (other !== tab) other.fire("storage", { key, newValue });
          },
        };
      },
    });
    return Object.assign(window, {
      document,
      location: this.location,
      Date: { now: () => browser.now },
      setTimeout: (f, ms = 0) => {
        const id = Symbol("timer");
        browser.timers.set(id, { f, at: browser.now + (ms < 2 ** 31 ? ms : 0) }); // as browsers do
        return id;
      },
      clearTimeout: (id) => browser.timers.delete(id),
      fetch: async (input, init = {}) => {
        const request = { path: new URL(input.url ?? input, tab.location).pathname, method: init.method ?? input.method ?? "GET", headers: new Headers(init.headers), init, tab };
        browser.requests.push(request);
        browser.most = Math.max(browser.most, ++tab.open);
        try {
          return await browser.answer(request);
        } finally {
          tab.open--;
        }
      },
      BroadcastChannel: browser.hasChannels && class {
        constructor(name) {
          Object.assign(this, { name });
          browser.channels.add(this);
        }
        postMessage(data) {
          for (const other of browser.channels) {
            if (other !== this && other.name === this.name) setImmediate(() => browser.channels.has(other) && other.onmessage({ data }));
          }
        }
        close() {
          browser.channels.delete(this);
        }
      },
    });
  }
}
