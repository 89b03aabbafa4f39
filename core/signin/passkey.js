// Passkeys, for core/signin's pages and for your own. A <form hidden data-passkey="get" data-options="/auth/passkey/options">
// is shown where the browser has passkeys, asks for one when it is submitted, and posts what that answered. With
// "create" it makes one. An input of the page with autocomplete="webauthn" offers them too.

const decode = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const encode = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const decodeIDs = (list) => list?.map((entry) => ({ ...entry, id: decode(entry.id) }));

// asked asks the browser, as the options of Stytch say, and gives its answer as JSON.
const asked = async (method, options, more) => {
	const publicKey = { ...options, challenge: decode(options.challenge) };
	if (options.user) publicKey.user = { ...options.user, id: decode(options.user.id) };
	if (options.allowCredentials) publicKey.allowCredentials = decodeIDs(options.allowCredentials);
	if (options.excludeCredentials) publicKey.excludeCredentials = decodeIDs(options.excludeCredentials);
	const { id, rawId, type, response } = await navigator.credentials[method]({ ...more, publicKey });
	const said = {};
	for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
		if (response[part]) said[part] = encode(response[part]);
	}
	return JSON.stringify({ id, rawId: encode(rawId), type, response: said, clientExtensionResults: {} });
};

// create and get take what the handler's options answer in public_key, and give what its forms post as credential.
export const create = (options) => asked("create", options);
export const get = (options, more) => asked("get", options, more);

let waiting; // for a choice in the input; a page may ask for one passkey at a time

const begin = async (form) => {
	const answer = await fetch(form.dataset.options, { method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(new FormData(form)) });
	if (!answer.ok) throw new Error("no options: " + answer.status);
	return answer.json();
};

const end = (form, { ceremony }, credential) => {
	form.elements.ceremony.value = ceremony;
	form.elements.credential.value = credential;
	form.submit();
};

const enhance = (form) => {
	const { passkey: method } = form.dataset;
	const complain = (hidden) => document.querySelectorAll("[data-passkey-failed]").forEach((words) => (words.hidden = hidden));
	form.hidden = false;
	form.addEventListener("submit", async (event) => {
		event.preventDefault();
		complain(true);
		waiting?.abort();
		const button = form.querySelector("button");
		button.disabled = true;
		try {
			const begun = await begin(form);
			end(form, begun, await asked(method, begun.public_key));
		} catch {
			complain(false); // it was cancelled, or there is none
		}
		button.disabled = false;
	});
};

const offer = async (form) => {
	if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
	waiting = new AbortController();
	try {
		const begun = await begin(form);
		end(form, begun, await get(begun.public_key, { mediation: "conditional", signal: waiting.signal }));
	} catch {
		// another way was chosen
	}
};

const forms = document.querySelectorAll("form[data-passkey]");
if (window.PublicKeyCredential) {
	forms.forEach(enhance);
	document.querySelectorAll("[data-passkey-missing]").forEach((words) => (words.hidden = true));
	if (forms.length && document.querySelector("input[autocomplete~=webauthn]")) offer(forms[0]);
}
