// Forms that show errors at their fields.

import { text } from "../shared/texts.js";

/**
 * Calls `action(values, button)` when a form is submitted with all fields filled in. The server renders the submit
 * button disabled, because without this handler the browser would send the form itself; this enables it.
 */
export function onSubmit(form, action) {
	const button = form.querySelector('[type="submit"]');
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		const values = filledIn(form);
		if (values) action(values, button);
	});
	button.disabled = false;
}

/** Shows an error at a field; an empty message removes it. A field that cannot be wrong has no place for one. */
export function showFieldError(input, message) {
	const place = document.getElementById(`${input.id}-error`);
	if (!place) return;
	place.textContent = message;
	if (message) input.setAttribute("aria-invalid", "true");
	else input.removeAttribute("aria-invalid");
}

/**
 * The form's trimmed values; null if a field is empty. Each empty field then shows an error, and the first one gets
 * the focus.
 */
function filledIn(form) {
	const inputs = [...form.querySelectorAll("input")];
	const isMissing = (input) => input.required && !input.value.trim();
	for (const input of inputs) showFieldError(input, isMissing(input) ? text("field_missing") : "");
	const missing = inputs.find(isMissing);
	missing?.focus();
	const given = inputs.filter((input) => input.value.trim());
	return missing ? null : Object.fromEntries(given.map((input) => [input.name, input.value.trim()]));
}

/** Shows an error of the server or the other system at a field, and moves the focus there. */
export function reject(input, message) {
	showFieldError(input, message);
	input.focus();
}
