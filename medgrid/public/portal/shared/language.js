// The page's language, for `Intl` and the `toLocale…` methods.

/** The language of the page; undefined, which selects the browser's language, if `Intl` does not accept its code. */
export const language = understood(document.documentElement.lang);

function understood(code) {
	try {
		return Intl.getCanonicalLocales(code)[0];
	} catch {
		return undefined;
	}
}
