// Connect's own protocol needs no package: a unary call is a POST of JSON. credentials: "include" sends the
// cookies along, to an origin that allows that.
const calls = document.querySelector('meta[name="calls"]').content;

async function call(method) {
	const response = await post(method, 'application/json', '{}');
	const said = await response.json();
	if (!response.ok) throw new Denied(said);
	return said;
}

// watch yields what a stream sends. Messages come in envelopes: a byte of flags, four of the length, and JSON;
// the last has the flag 2, and the error if there is one.
async function* watch(method) {
	const response = await post(method, 'application/connect+json', new Uint8Array([0, 0, 0, 0, 2, 0x7b, 0x7d]));
	const reader = response.body.getReader();
	for (let got = new Uint8Array(); ;) {
		const { done, value } = await reader.read();
		if (done) throw new Error('the stream was cut');
		got = new Uint8Array([...got, ...value]);
		for (let end; got.length >= 5 && got.length >= (end = 5 + new DataView(got.buffer).getUint32(1)); got = got.slice(end)) {
			const said = JSON.parse(new TextDecoder().decode(got.subarray(5, end)));
			if (!(got[0] & 2)) yield said;
			else if (said.error) throw new Denied(said.error);
			else return;
		}
	}
}

const post = (method, type, body) => fetch(`${calls}/acme.v1.Documents/${method}`, {
	method: 'POST', credentials: 'include', body,
	headers: { 'Content-Type': type, 'Connect-Protocol-Version': '1' },
});

// Denied is why a call was denied: what to match is its reason.
class Denied extends Error {
	constructor({ code, message, details = [] }) {
		super(message);
		this.code = code;
		this.reason = details.find(detail => detail.type === 'google.rpc.ErrorInfo')?.debug?.reason;
	}
}

const advice = {
	session_missing: 'Sign in first.',
	session_ended: 'Your session has ended: sign in again.',
	permission_denied: 'Your role does not allow that.',
	cross_origin: 'The service does not trust this page.',
};

// say adds to what is shown.
function say(who, what, reason) {
	const line = document.createElement('li'), name = document.createElement('b'), text = document.createElement('span');
	name.textContent = who;
	text.textContent = what;
	if (reason) line.dataset.reason = reason; // for the stylesheet
	line.append(name, text);
	document.querySelector('#said').append(line);
}

// on shows what an action comes to when its button is pressed.
function on(button, action) {
	button = document.querySelector(button);
	const name = button.textContent;
	button.onclick = async () => {
		try {
			for await (const said of action()) say(name, said);
		} catch (error) {
			const { code, reason, message } = error;
			say(name, reason ? `${code} (${reason}). ${advice[reason] ?? message}` : `It could not be called: ${message}.`, reason ?? 'none');
		}
	};
}

on('#owner', async function* () { yield await call('Owner'); });
on('#delete', async function* () { yield await call('Delete'); });
on('#version', async function* () { yield await call('Version'); });
on('#watch', () => watch('Watch'));
for (const way of ['login', 'logout']) {
	on('#' + way, async function* () {
		const response = await fetch(`${calls}/${way}`, { method: 'POST', credentials: 'include' });
		yield response.ok ? 'Done.' : `It answers ${response.status}.`;
	});
}
