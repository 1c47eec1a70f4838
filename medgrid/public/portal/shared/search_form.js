// The search form above a list: what is chosen and typed is shown while the user types, and stands in the URL, so
// that a reload or a link restores it.

const PAUSE_MS = 250;

/**
 * Shows what the URL says, and then what the user chooses or types.
 *
 * @param name of the form's select; its text field is `query`
 * @param show is called with both values by name, and with the URL's search part for those that are given
 * @param ifOnlyQuery what a link chooses that has a query and no known choice; else the select's first option
 */
export function wireSearch(name, show, { ifOnlyQuery } = {}) {
	const form = document.getElementById("search");
	const { [name]: choice, query } = form.elements;
	let pause;

	function update() {
		clearTimeout(pause);
		const values = { [name]: choice.value, query: query.value.trim() };
		const given = new URLSearchParams(Object.entries(values).filter(([, value]) => value)).toString();
		const search = given && `?${given}`;
		history.replaceState(null, "", search || location.pathname);
		show(values, search);
	}

	const parameters = new URLSearchParams(location.search);
	query.value = parameters.get("query") ?? "";
	const known = [...choice.options].some((option) => option.value === parameters.get(name));
	if (known) choice.value = parameters.get(name);
	else if (query.value && ifOnlyQuery !== undefined) choice.value = ifOnlyQuery;

	form.addEventListener("submit", (event) => {
		event.preventDefault();
		update();
	});
	choice.addEventListener("change", update);
	query.addEventListener("input", () => {
		clearTimeout(pause);
		pause = setTimeout(update, PAUSE_MS);
	});
	update();
}
