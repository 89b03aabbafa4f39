// Gives the link that begins a sign-in by a provider with a value as return_to, on a page of the demo:
// links by mail are rationed. Before that it says when the value, or what the sign-in form makes of it, is
// another origin's by the browser's own resolution. A value that is refused and yet of this origin
// needs no sign-in: it gives nothing.
async ({value, accepted}) => {
	const parse = async answer => new DOMParser().parseFromString(await (await answer).text(), 'text/html');
	const leaves = value => {
		try {
			return new URL(value, location.href).origin !== location.origin;
		} catch {
			return true; // no URL; a redirect to it must not be answered either
		}
	};
	if (accepted && leaves(value)) return 'wrong: it is accepted';
	const login = await parse(fetch('/login?' + new URLSearchParams({return_to: value})));
	const field = login.querySelector('form[action="/auth/magic-link"] [name=return_to]').value;
	if (leaves(field) || field !== (accepted ? value : '/profile')) return 'wrong: the form has ' + field;
	if (!accepted && !leaves(value)) return '';
	return new URL('/auth/oauth/google?' + new URLSearchParams({organization: 'acme', return_to: value}), location.href).href;
}
