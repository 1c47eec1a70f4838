// Forms whose errors are shown at the field.

import { text } from "../shared/texts.js";

/**
 * Calls `action(values, button)` when a form is submitted with all fields filled in. The submit button is disabled until
 * now: what nobody answers, the browser would send by itself.
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

/** Shows an error at a field, or takes it away. */
export function showFieldError(input, message) {
	const place = document.getElementById(`${input.id}-error`);
	place.textContent = message;
	if (message) input.setAttribute("aria-invalid", "true");
	else input.removeAttribute("aria-invalid");
}

/**
 * The form's values without blanks around them, or null: the first field that is empty says so and has the
 * focus then.
 */
function filledIn(form) {
	const inputs = [...form.querySelectorAll("input")];
	for (const input of inputs) showFieldError(input, input.value.trim() ? "" : text("field_missing"));
	const missing = inputs.find((input) => !input.value.trim());
	missing?.focus();
	return missing ? null : Object.fromEntries(inputs.map((input) => [input.name, input.value.trim()]));
}

/** Shows what the other side says of a field, and puts the focus there. */
export function reject(input, message) {
	showFieldError(input, message);
	input.focus();
}
