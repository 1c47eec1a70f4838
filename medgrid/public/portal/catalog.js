// /portal/catalog: lists a warehouse's items, and searches while the user types.

import { ItemList } from "./catalog/list.js";

const PAUSE_MS = 250;

const form = document.getElementById("search");
const { warehouse, query } = form.elements;
const list = new ItemList();
let pause;

/** Shows the list for the form's values, and writes them to the URL, so that a reload or a link restores them. */
function show() {
	clearTimeout(pause);
	const wanted = { warehouse: warehouse.value, query: query.value.trim() };
	const given = Object.entries(wanted).filter(([, value]) => value);
	const search = new URLSearchParams(given).toString();
	history.replaceState(null, "", search ? `?${search}` : location.pathname);
	list.show(wanted);
}

function restore() {
	const parameters = new URLSearchParams(location.search);
	query.value = parameters.get("query") ?? "";
	const known = [...warehouse.options].some((option) => option.value === parameters.get("warehouse"));
	if (known) warehouse.value = parameters.get("warehouse");
	else if (query.value) warehouse.value = "";
}

form.addEventListener("submit", (event) => {
	event.preventDefault();
	show();
});
warehouse.addEventListener("change", show);
query.addEventListener("input", () => {
	clearTimeout(pause);
	pause = setTimeout(show, PAUSE_MS);
});

restore();
show();
