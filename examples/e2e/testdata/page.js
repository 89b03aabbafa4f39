// What is wrong with the page as it is shown: one line each. By WCAG 2.2, level AA: contrast (1.4.3),
// reflow (1.4.10), names of fields (1.3.1, 4.1.2), target size (2.5.8), title and language.
fresh => { // fresh: it has been loaded in this window, which had this size then
	const wrong = [];
	const excerpt = e => `<${e.tagName.toLowerCase()}> ${(e.innerText || e.name || '').trim().slice(0, 40)}`;

	const channels = color => color.match(/[\d.]+/g).map(Number);
	const opaque = e => {
		for (; e; e = e.parentElement) {
			const [r, g, b, alpha = 1] = channels(getComputedStyle(e).backgroundColor);
			if (alpha === 1) return [r, g, b];
			if (alpha !== 0) return null;
		}
		return matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255];
	};
	const luminance = color => color.slice(0, 3)
		.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
		.reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
	const contrast = (a, b) => {
		const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
		return (light + 0.05) / (dark + 0.05);
	};
	const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	const seen = new Set();
	while (texts.nextNode()) {
		const e = texts.currentNode.parentElement;
		if (!texts.currentNode.data.trim() || seen.has(e) || !e.checkVisibility()) continue;
		seen.add(e);
		const style = getComputedStyle(e), size = parseFloat(style.fontSize), behind = opaque(e);
		const large = size >= 24 || size >= 18.66 && style.fontWeight >= 700;
		const ratio = behind ? contrast(channels(style.color), behind) : 0;
		if (ratio < (large ? 3 : 4.5)) wrong.push(`contrast ${ratio.toFixed(2)}: ${excerpt(e)}`);
		if (size < 13) wrong.push(`text of ${size}px: ${excerpt(e)}`);
	}

	if (document.scrollingElement.scrollWidth > innerWidth) {
		const wide = [...document.body.querySelectorAll('*')].find(e => e.getBoundingClientRect().right > innerWidth + 1);
		wrong.push(`${document.scrollingElement.scrollWidth}px wide in a window of ${innerWidth}px: ${wide ? excerpt(wide) : ''}`);
	}
	for (const e of document.querySelectorAll('input:not([type=hidden]), select, textarea')) {
		if (!e.labels.length && !e.ariaLabel) wrong.push(`no label: ${excerpt(e)}`);
	}
	for (const e of document.querySelectorAll('a, button, input:not([type=hidden])')) {
		const box = (e.closest('label') || e).getBoundingClientRect();
		if (!e.checkVisibility() || box.right < 0 || getComputedStyle(e).display === 'inline') continue; // in a sentence, or off screen until it has the focus
		if (box.width < 24 || box.height < 24) wrong.push(`${box.width.toFixed()}x${box.height.toFixed()}px to press: ${excerpt(e)}`);
	}
	for (const e of document.querySelectorAll('a, button')) {
		if (!(e.ariaLabel || e.innerText).trim()) wrong.push(`no name: ${e.outerHTML.slice(0, 80)}`);
	}
	const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
	for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) wrong.push(`the id ${id} twice`);
	if (document.querySelectorAll('h1').length !== 1) wrong.push(`${document.querySelectorAll('h1').length} h1`);
	if (!document.title || !document.documentElement.lang) wrong.push('no title or language');
	if ([...document.scripts].some(s => !s.src)) wrong.push('an inline script');

	const shifts = new PerformanceObserver(() => {});
	shifts.observe({type: 'layout-shift', buffered: true});
	const shift = shifts.takeRecords().reduce((sum, entry) => sum + entry.value, 0);
	if (fresh && shift) wrong.push(`the layout moved by ${shift} while it was loaded`);
	return wrong.join('\n');
}
