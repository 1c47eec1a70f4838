// /portal/products: lists the vendor's Shopify products, and filters them while the user types.

import { rowOf } from "./products/rows.js";
import { wireDownload } from "./shared/download.js";
import { PagedList } from "./shared/paged_list.js";

const PAUSE_MS = 250;
const FILE = "/api/method/medgrid.integrations.export_products";

const form = document.getElementById("search");
const { state, query } = form.elements;
const file = document.querySelector('[data-slot="file"]');
const list = new PagedList({
	method: "medgrid.integrations.list_products",
	rows: "products",
	rowOf,
	shown: showCounts,
});
let pause;

/** Shows the list for the form's values, and writes them to the URL, so that a reload or a link restores them. */
function show() {
	clearTimeout(pause);
	const wanted = { state: state.value, query: query.value.trim() };
	const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value));
	const search = new URLSearchParams(given).toString();
	history.replaceState(null, "", search ? `?${search}` : location.pathname);
	file.href = search ? `${FILE}?${search}` : FILE;
	list.show(given);
}

function restore() {
	const parameters = new URLSearchParams(location.search);
	query.value = parameters.get("query") ?? "";
	const known = [...state.options].some((option) => option.value === parameters.get("state"));
	if (known) state.value = parameters.get("state");
}

function showCounts(counts) {
	for (const [key, value] of Object.entries(counts)) {
		const place = document.querySelector(`[data-count="${key}"]`);
		if (place) place.textContent = value;
	}
}

wireDownload(file, document.getElementById("outcome"));
form.addEventListener("submit", (event) => {
	event.preventDefault();
	show();
});
state.addEventListener("change", show);
query.addEventListener("input", () => {
	clearTimeout(pause);
	pause = setTimeout(show, PAUSE_MS);
});

restore();
show();
