// What the page's scripts say: translated by the server, handed over in the page.

const texts = JSON.parse(document.getElementById("portal-texts").textContent);

/** A text by its key, with {0}, {1} filled in. */
export function text(key, ...values) {
	return values.reduce((filled, value, number) => filled.replaceAll(`{${number}}`, value), texts[key]);
}

/** A group of texts by its key, such as the words for statuses. */
export function group(key) {
	return texts[key];
}
