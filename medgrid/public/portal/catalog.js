// /portal/catalog: a warehouse's items, or what matches while the reader types.

import { ItemList } from "./catalog/list.js";

const PAUSE_MS = 250;

const form = document.getElementById("search");
const { warehouse, query } = form.elements;
const list = new ItemList();
let pause;

/** Shows what the form asks for, and keeps it in the address for a reload or a link. */
function show() {
	clearTimeout(pause);
	const wanted = { warehouse: warehouse.value, query: query.value.trim() };
	const given = Object.entries(wanted).filter(([, value]) => value);
	const search = new URLSearchParams(given).toString();
	history.replaceState(null, "", search ? `?${search}` : location.pathname);
	list.show(wanted);
}

function restore() {
	const asked = new URLSearchParams(location.search);
	query.value = asked.get("query") ?? "";
	const known = [...warehouse.options].some((option) => option.value === asked.get("warehouse"));
	if (known) warehouse.value = asked.get("warehouse");
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
