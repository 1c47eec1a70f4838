// A list of a vendor's records with a search form, numbers and a file to download: /portal/orders, /portal/products.

import { wireDownload } from "./download.js";
import { PagedList } from "./paged_list.js";
import { wireSearch } from "./search_form.js";

/** Shows the list of the search form's values, and again whenever they change. `source`: see `PagedList`. */
export function filteredList(source) {
	const list = new PagedList(source);
	const file = document.querySelector('[data-slot="file"]');
	const address = file.getAttribute("href");
	wireDownload(file, document.getElementById("outcome"));
	wireSearch("state", (values, search) => {
		file.href = address + search;
		list.show(Object.fromEntries(Object.entries(values).filter(([, value]) => value)));
	});
	return list;
}

/** Shows how many records are in each state that the page has a place for. */
export function showCounts(counts) {
	for (const [key, value] of Object.entries(counts)) {
		const place = document.querySelector(`[data-count="${key}"]`);
		if (place) place.textContent = value;
	}
}
