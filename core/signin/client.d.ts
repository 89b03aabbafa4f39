// Types of client.js, which GET <prefix>/client.js serves beside this file.

/** A session, as Stytch describes it: a member's, or a user's in a consumer project. */
export interface Session {
  member_session_id?: string;
  member_id?: string;
  organization_id?: string;
  organization_slug?: string;
  session_id?: string;
  user_id?: string;
  roles?: string[];
  started_at: string;
  last_accessed_at: string;
  expires_at: string;
  authentication_factors: Record<string, unknown>[];
  custom_claims?: Record<string, unknown> | null;
  readonly [field: string]: unknown;
}

/** Who is signed in. Frozen, and the same object as long as nothing changes. */
export interface State {
  readonly session: Readonly<Session> | null;
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
  getSnapshot(): State;
  /** Always the first state: null, false, false. */
  getServerSnapshot(): State;
  /** f is called once for each change, of whatever tab. The result ends that. */
  subscribe(f: () => void): () => void;
  /** Asks the server now, unless its Retry-After forbids, and gives the state then. Never rejects. */
  refresh(): Promise<State>;
  /** Ends the session, in all tabs. Rejects with a Problem, or fetch's TypeError: then nothing has changed. */
  signOut(): Promise<void>;
  /**
   * Leaves for the sign-in page, with return_to, as soon as nobody is signed in.
   * login is a path or URL, by default "/login". The result ends that.
   */
  guard(options?: { login?: string }): () => void;
  /**
   * fetch, but problem details are thrown as a Problem, a 503 whose Retry-After is at most 30 seconds
   * is asked again (twice, safe methods only), and after a 401 the state is asked again.
   */
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;
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
