// The texts of the page's scripts: translated by the server and embedded in the page.

// In a right-to-left sentence, the plus of a phone number would move to its other end.
const isolated = document.dir === "rtl" ? (value) => `\u2068${value}\u2069` : String;
const texts = JSON.parse(document.getElementById("portal-texts").textContent);

/** A text by its key, with {0}, {1} replaced by the values. */
export function text(key, ...values) {
	return texts[key].replace(/\{(\d)\}/g, (place, number) => (number in values ? isolated(values[number]) : place));
}

/** A group of texts by its key, such as the words for statuses. */
export function group(key) {
	return texts[key];
}
