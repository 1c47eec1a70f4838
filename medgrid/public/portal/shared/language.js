// The page's language, for `Intl` and the `toLocale…` methods.

/** The language of the page; undefined, which is the browser's own, if `Intl` would throw at its code. */
export const language = understood(document.documentElement.lang);

function understood(code) {
	try {
		return Intl.getCanonicalLocales(code)[0];
	} catch {
		return undefined;
	}
}
