// What the page's scripts say: translated by the server, handed over in the page.

// In a sentence that is read from right to left a phone number would lose its plus to the other end.
const isolated = document.dir === "rtl" ? (value) => `\u2068${value}\u2069` : String;
const texts = JSON.parse(document.getElementById("portal-texts").textContent);

/** A text by its key, with {0}, {1} filled in. */
export function text(key, ...values) {
	return values.reduce((filled, value, number) => filled.replaceAll(`{${number}}`, isolated(value)), texts[key]);
}

/** A group of texts by its key, such as the words for statuses. */
export function group(key) {
	return texts[key];
}
