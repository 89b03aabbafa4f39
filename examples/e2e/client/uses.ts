// How pages in TypeScript use client.js. It is compiled, never run.
import { Problem, createSession, session } from "/auth/client.js";
import type { Options, Session, SessionStore, State } from "/auth/client.js";

// A page reads it.
const state: State = session.getSnapshot();
const email: unknown = state.member?.email_address ?? state.user?.emails;
const until: string | undefined = state.session?.expires_at;
const roles: readonly string[] = state.session?.roles ?? [];
const more: unknown = state.plan;
const first: State = session.getServerSnapshot();

// Frameworks bind to it: each function may be taken off the object.
declare function useSyncExternalStore<T>(subscribe: (f: () => void) => () => void, now: () => T, server?: () => T): T;
const member: State["member"] = useSyncExternalStore(session.subscribe, session.getSnapshot, session.getServerSnapshot).member;
const end: () => void = session.subscribe(() => {});

// What it does.
const later: Promise<State> = session.refresh();
const gone: Promise<void> = session.signOut();
const unguard: () => void = session.guard();
session.guard({ login: "/login" });

async function uses(): Promise<string | undefined> {
  try {
    const answer: Response = await session.fetch("/api/me");
    await session.fetch(new URL("https://app.example.com/api/me"), { method: "POST", signal: AbortSignal.timeout(1000) });
    await session.fetch(new Request("/api/me"));
    return await answer.text();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    const error: Error = problem;
    const status: number = problem.status;
    await problem.response.json();
    return problem.code ?? problem.detail ?? error.message + status;
  }
}

// A store of one's own, and what a test makes of one.
const options: Options = { base: "/auth", state: "session", logout: "logout" };
const own: SessionStore = createSession(options);
createSession();
const made: Problem = new Problem(new Response(null, { status: 403 }), { code: "permission_denied" });

// What is frozen is not written.
// @ts-expect-error
state.fromCache = true;
// @ts-expect-error
state.session = null;
// @ts-expect-error
(state.session as Session).expires_at = "";
// @ts-expect-error
state.session?.roles?.push("stytch_admin");
// @ts-expect-error
session.getSnapshot = () => state;

// Nobody may be signed in, and a problem may have no code.
// @ts-expect-error
state.session.expires_at;
// @ts-expect-error
state.member.email_address;
// @ts-expect-error
made.code.length;

// What it does not take.
// @ts-expect-error
session.subscribe((next: State) => next);
// @ts-expect-error
session.guard("/login");
// @ts-expect-error
session.fetch();
// @ts-expect-error
createSession({ url: "/auth" });
// @ts-expect-error
new Problem("permission_denied");

export { email, end, first, gone, later, member, more, own, roles, unguard, until, uses };
