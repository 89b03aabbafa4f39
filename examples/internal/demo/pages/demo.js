// Who is signed in, on every page as it changes: core/signin's module for pages, used as it is meant to.
import { session } from "../auth/client.js";

// The demo may be below a path that a proxy strips: its pages are found from this very file.
const at = (path) => new URL(".." + path, import.meta.url).pathname;

const element = (name, attributes, ...children) => {
	const e = Object.assign(document.createElement(name), attributes);
	e.append(...children);
	return e;
};

// The corner: where a guard stands before the page the server has rendered it, and it follows what any tab does from then on.
const corner = document.querySelector(".who");
const address = ({ session, member, user }) => member?.email_address ?? user?.emails?.[0]?.email ?? session?.member_id ?? session?.user_id;
const showCorner = (state) => {
	if (!corner || !state.isInitialized || state.fromCache) return;
	const shown = corner.querySelector(".id")?.textContent;
	if (corner.firstElementChild && shown === address(state)) return;
	corner.replaceChildren(...(state.session
		? [element("span", { className: "id" }, address(state)), element("form", { method: "post", action: at("/auth/logout") }, element("button", { className: "quiet" }, "Sign out"))]
		: [element("a", { className: "button", href: at("/login") }, "Sign in")]));
};

// The envelope, as the hooks of Stytch's frontend SDK give it to a component.
const envelope = document.querySelector("#envelope");
const steps = document.querySelector("#steps");
const showEnvelope = (state) => {
	if (envelope) envelope.textContent = JSON.stringify(state, null, 2);
	const { session, fromCache, isInitialized } = state;
	steps?.append(element("li", {}, `session: ${session ? "…" : null}, fromCache: ${fromCache}, isInitialized: ${isInitialized}`));
};

const show = () => {
	showCorner(session.getSnapshot());
	showEnvelope(session.getSnapshot());
};
show();
session.subscribe(show);

// The seed's sample: useEffect(() => { if (isInitialized && session === null) router.replace("/login") }).
if (document.querySelector("[data-guard]")) session.guard({ login: at("/login") });
