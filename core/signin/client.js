// Who is signed in, for pages: what Stytch's React hooks promise, from the state that the server tells
// at "session" beside this module. The contract is in client.d.ts.

const nobody = Object.freeze({ session: null, member: null, organization: null, user: null, fromCache: false, isInitialized: false });
const signedOut = Object.freeze({ ...nobody, isInitialized: true });

/** A refusal of the server's: its problem details (RFC 9457). */
export class Problem extends Error {
  constructor(response, { type, title, detail, code } = {}) {
    super(detail || title || `HTTP ${response.status}`);
    Object.assign(this, { name: "Problem", status: response.status, type, title, detail, code, response });
  }
}

const problemOf = async (response) => new Problem(response, (await response.clone().json().catch(() => null)) ?? {});

// same compares deeply; what is missing is null, and last_accessed_at is no news.
const same = (a, b) => {
  if (Object(a) !== a || Object(b) !== b) return (a ?? null) === (b ?? null);
  return Object.keys({ ...a, ...b }).every((key) => key === "last_accessed_at" || same(a[key], b[key]));
};

const freeze = (value) => {
  if (Object(value) === value) Object.values(value).forEach(freeze);
  return Object.freeze(value);
};

/** A store of its own; env is for tests. */
export function createSession({ base, state = "session", logout = "logout" } = {}, env = globalThis) {
  const listeners = new Set();
  let snapshot = nobody;
  let tag; // the snapshot's ETag
  let ready; // settled when what is persisted has been shown
  let asking; // the request under way
  let away; // in the back/forward cache
  let outdated; // its answer may be of before something that happened since
  let failures = 0;
  let notBefore = 0; // the server's Retry-After
  let timer;
  let channel;

  const url = (path) => new URL(path, base ? new URL(base.replace(/\/?$/, "/"), env.location.href) : import.meta.url).href;
  const key = () => "stytchkit " + url(state);
  const now = () => env.Date.now();
  const on = (type, f, target = env) => target.addEventListener(type, f);

  const set = (next) => {
    if (same(snapshot, next)) return;
    snapshot = freeze(next);
    for (const f of [...listeners]) {
      try {
        f();
      } catch (error) {
        env.setTimeout(() => { throw error; });
      }
    }
  };

  // The record is the last state that the server told to any tab. Storage may be forbidden.
  const read = () => {
    try {
      return JSON.parse(env.localStorage.getItem(key()));
    } catch {
      return null;
    }
  };
  const write = (name, value) => {
    try {
      env.localStorage.setItem(name, value);
    } catch {}
  };
  const record = (next) => write(key(), JSON.stringify({ tag, state: next }));

  const tell = (what) => {
    if (channel) channel.postMessage(what);
    else write(key() + "!", what + " " + now() + Math.random());
  };
  const hear = (what) => {
    if (what === "out") leave();
    again();
  };
  const open = () => {
    if (!env.BroadcastChannel) return;
    channel = new env.BroadcastChannel(key());
    channel.onmessage = ({ data }) => hear(data);
  };

  const later = (ms) => {
    env.clearTimeout(timer);
    timer = env.setTimeout(refresh, Math.min(ms, 2 ** 31 - 1));
  };

  const waitOf = (response) => {
    const value = response.headers.get("Retry-After");
    if (value !== null) return Math.max(0, (/^\d+$/.test(value) ? value * 1000 : Date.parse(value) - now()) || 0);
  };

  const leave = () => {
    outdated = true;
    tag = undefined;
    env.clearTimeout(timer);
    set(signedOut);
  };

  const restore = () => {
    const kept = read();
    if (!(Date.parse(kept?.state?.session?.expires_at) > now())) return;
    tag = kept.tag;
    set({ ...kept.state, fromCache: true });
  };

  const failed = (wait) => {
    const backoff = Math.min(60, 2 ** failures++) * 500 * (1 + Math.random());
    notBefore = now() + (wait ?? 0);
    later(Math.max(backoff, wait ?? 0));
  };

  const told = (next, nextTag) => {
    const before = read();
    failures = 0;
    tag = nextTag;
    const news = !same(before ? { ...before.state, fromCache: false } : snapshot, next);
    record(next);
    set(next);
    if (news) tell("changed");
    const left = Date.parse(next.session?.expires_at) - now();
    env.clearTimeout(timer);
    if (next.session) later(left > 0 ? left + 1000 : 10000); // a clock here may be wrong: not at once again
  };

  const once = async () => {
    const patience = new AbortController();
    const limit = env.setTimeout(() => patience.abort(), 15000);
    try {
      const headers = { Accept: "application/json" };
      if (tag) headers["If-None-Match"] = tag;
      const response = await env.fetch(url(state), { headers, cache: "no-store", credentials: "same-origin", signal: patience.signal });
      const next = response.status === 304 ? snapshot : response.ok && (await response.json());
      if (outdated) return;
      if (!next?.isInitialized || next.session === undefined) return failed(waitOf(response));
      told({ ...next, fromCache: false }, response.headers.get("ETag") ?? undefined);
    } catch {
      failed();
    } finally {
      env.clearTimeout(limit);
    }
  };

  const ask = async () => {
    await ready;
    do {
      outdated = false;
      await once();
    } while (outdated && !away);
    asking = undefined;
  };

  const refresh = async () => {
    start();
    if (ready && !away && now() >= notBefore) await (asking ??= ask());
    return snapshot;
  };

  // again asks, and does not take the answer to an earlier question.
  const again = () => {
    outdated = true;
    refresh();
  };

  const start = () => {
    if (ready || !env.document) return; // a server asks nothing
    ready = Promise.resolve().then(restore);
    open();
    on("focus", refresh);
    on("online", refresh);
    on("visibilitychange", () => env.document.visibilityState === "visible" && refresh(), env.document);
    on("storage", (e) => e.key === key() + "!" && e.newValue && hear(e.newValue.split(" ")[0]));
    // A form that signs out leads to another page: that one tells the tabs, and nothing is shown till then.
    on("submit", (e) => e.target.action === url(logout) && write(key(), "{}"));
    on("pagehide", (e) => {
      if (!e.persisted) return;
      channel = channel?.close(); // an open one keeps pages out of the back/forward cache
      away = outdated = true;
      tag = undefined;
      set(nobody); // Back shows nobody until the server has told
    });
    on("pageshow", (e) => {
      if (!e.persisted) return;
      away = false;
      open();
      refresh();
    });
    refresh();
  };

  const subscribe = (f) => {
    const listener = () => f();
    listeners.add(listener);
    start();
    return () => listeners.delete(listener);
  };

  const signOut = async () => {
    start();
    const response = await env.fetch(url(logout), { method: "POST", headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!response.ok) throw await problemOf(response);
    leave();
    record(signedOut);
    tell("out");
  };

  const guard = ({ login = "/login" } = {}) => {
    const check = () => {
      if (!snapshot.isInitialized || snapshot.session) return;
      const here = new URL(env.location.href);
      const to = new URL(login, here);
      if (to.origin + to.pathname === here.origin + here.pathname) return;
      to.searchParams.set("return_to", here.pathname + here.search + here.hash);
      env.location.replace(to.href);
    };
    check();
    return subscribe(check);
  };

  const pause = (ms, signal) =>
    new Promise((resolve, reject) => {
      const wait = env.setTimeout(resolve, ms);
      signal?.addEventListener("abort", () => {
        env.clearTimeout(wait);
        reject(signal.reason);
      });
    });

  const request = async (input, init = {}) => {
    const safe = /^(GET|HEAD|OPTIONS)$/i.test(init.method ?? input.method ?? "GET");
    for (let tries = 1; ; tries++) {
      const response = await env.fetch(input, init);
      if (response.status === 401) again();
      const wait = waitOf(response);
      if (response.status === 503 && safe && tries < 3 && wait <= 30000) {
        await pause(wait, init.signal ?? input.signal);
      } else if (!response.ok && /^application\/problem\+json/i.test(response.headers.get("Content-Type"))) {
        throw await problemOf(response);
      } else {
        return response;
      }
    }
  };

  return Object.freeze({ getSnapshot: () => snapshot, getServerSnapshot: () => nobody, subscribe, refresh, signOut, guard, fetch: request });
}

/** The store of the handler that this module came from. */
export const session = createSession();
