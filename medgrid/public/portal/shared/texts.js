// What the page's scripts say: translated by the server, handed over in the page.

// In a sentence that is read from right to left a phone number would lose its plus to the other end.
const isolated = document.dir === "rtl" ? (value) => `\u2068${value}\u2069` : String;
const texts = JSON.parse(document.getElementById("portal-texts").textContent);

/** A text by its key, with {0}, {1} filled in, whatever the values look like. */
export function text(key, ...values) {
	return texts[key].replace(/\{(\d)\}/g, (place, number) => (number in values ? isolated(values[number]) : place));
}

/** A group of texts by its key, such as the words for statuses. */
export function group(key) {
	return texts[key];
}
