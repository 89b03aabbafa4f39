// Types of client.js, which GET <prefix>/client.js serves beside this file.

/** A session, as Stytch describes it: a member's, or a user's in a consumer project. */
export interface Session {
  readonly member_session_id?: string;
  readonly member_id?: string;
  readonly organization_id?: string;
  readonly organization_slug?: string;
  readonly session_id?: string;
  readonly user_id?: string;
  readonly roles?: readonly string[];
  readonly started_at: string;
  readonly last_accessed_at: string;
  readonly expires_at: string;
  readonly authentication_factors: readonly Readonly<Record<string, unknown>>[];
  readonly custom_claims?: Readonly<Record<string, unknown>> | null;
  readonly [field: string]: unknown;
}

/** Who is signed in. Frozen, and the same object as long as nothing changes. */
export interface State {
  readonly session: Session | null;
  /** Absent or null in consumer projects, and without a session; so is organization. */
  readonly member?: Readonly<Record<string, any>> | null;
  readonly organization?: Readonly<Record<string, any>> | null;
  /** In consumer projects. */
  readonly user?: Readonly<Record<string, any>> | null;
  /** It is what this browser kept; the server has not told yet. */
  readonly fromCache: boolean;
  /** It is known who this is. Signed out is isInitialized without a session, and nothing else is. */
  readonly isInitialized: boolean;
  /** Whatever else the server's JSON has. */
  readonly [field: string]: unknown;
}

/** A refusal of the server's: its problem details (RFC 9457), thrown by fetch and signOut. */
export class Problem extends Error {
  /** details are those of the response's body. */
  constructor(response: Response, details?: { type?: string; title?: string; detail?: string; code?: string });
  readonly name: "Problem";
  /** Of the response. */
  readonly status: number;
  /** Stable and machine-readable, such as "permission_denied"; undefined where none was sent. */
  readonly code?: string;
  readonly type?: string;
  readonly title?: string;
  readonly detail?: string;
  /** Its body has not been read. */
  readonly response: Response;
}

/**
 * Who is signed in in this browser. Nothing happens before the first subscribe, refresh, signOut or
 * guard; on a server nothing ever does. Every function may be taken off the object.
 *
 * First the state is null, false, false; then what this browser kept of the last one (never a token),
 * with fromCache; then the server's. It is asked again when the page is looked at or online again,
 * when it comes back from the back/forward cache, when another tab learns something else, and when the
 * session ends: one request at a time. While the server cannot tell, the state stays as it is.
 */
export interface SessionStore {
  readonly getSnapshot: () => State;
  /** Always the first state: null, false, false. */
  readonly getServerSnapshot: () => State;
  /** f is called once for each change, of whatever tab. The result ends that. */
  readonly subscribe: (f: () => void) => () => void;
  /** Asks the server now, unless its Retry-After forbids, and gives the state then. Never rejects. */
  readonly refresh: () => Promise<State>;
  /** Ends the session, in all tabs. Rejects with a Problem, or fetch's TypeError: then nothing has changed. */
  readonly signOut: () => Promise<void>;
  /**
   * Leaves for the sign-in page, with return_to, as soon as nobody is signed in.
   * login is a path or URL, by default "/login". The result ends that.
   */
  readonly guard: (options?: { login?: string }) => () => void;
  /**
   * fetch, but problem details are thrown as a Problem, a 503 whose Retry-After is at most 30 seconds
   * is asked again (twice, safe methods only), and after a 401 the state is asked again.
   */
  readonly fetch: (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;
}

export interface Options {
  /** Where the handler is mounted, such as "/auth". Default: where the module came from; a bundler changes that. */
  base?: string;
  /** The state's URL, relative to base. Default: "session". */
  state?: string;
  /** Where a POST signs out, relative to base. Default: "logout". */
  logout?: string;
}

/** A store of its own. env stands in for the browser's global object, in tests. */
export function createSession(options?: Options, env?: object): SessionStore;

/** The store of the handler that this module came from. */
export const session: SessionStore;
