// Verifies a mobile number: the user enters the number, then the code that was sent to it.

import { say, whileBusy } from "../shared/page.js";
import { post } from "../shared/rpc.js";
import { text } from "../shared/texts.js";
import { onSubmit, reject, showFieldError } from "./fields.js";

export function connectPhone(card, phoneForm) {
	const codeForm = card.root.querySelector('form[data-connect="code"]');
	answerAtField(card, phoneForm, (values) => sendCode(card, phoneForm, codeForm, values));
	answerAtField(card, codeForm, (values) => verify(card, phoneForm, codeForm, values));
	const onClick = (name, action) => {
		const button = card.root.querySelector(`[data-action="${name}"]`);
		button.addEventListener("click", () => action(button));
	};
	const change = (form, other, message = "") => {
		show(form, other);
		say(card.message, message);
	};
	// The code may have been sent from a page that was closed in the meantime.
	onClick("have-code", () => change(codeForm, phoneForm));
	onClick("other-number", () => change(phoneForm, codeForm));
	onClick("new-code", (button) => {
		const phone = phoneForm.elements.phone.value.trim();
		if (!phone) change(phoneForm, codeForm, text("resend_code"));
		else whileBusy(button, card.message, () => sendAgain(card, phoneForm, codeForm, phone));
	});
}

function answerAtField(card, form, action) {
	onSubmit(form, (values, button) =>
		whileBusy(button, card.message, () => atTheField(card, form, () => action(values))));
}

/** Shows the server's error about a value at its field. */
async function atTheField(card, form, action) {
	try {
		const answer = await action();
		if (answer?.ok === false) reject(form.querySelector("input"), answer.error);
	} catch (error) {
		if (![400, 417, 429].includes(error.status)) throw error;
		say(card.message, "");
		reject(form.querySelector("input"), error.message);
	}
}

async function sendCode(card, phoneForm, codeForm, values) {
	const answer = await post("medgrid.integrations.sendblue_start_verification", values);
	if (answer.ok) {
		show(codeForm, phoneForm);
		say(card.message, text("code_sent", answer.phone ?? values.phone), "good");
	}
	return answer;
}

/** An error concerns the number, so it is shown as the card's message and not at the field of the code. */
async function sendAgain(card, phoneForm, codeForm, phone) {
	const answer = await sendCode(card, phoneForm, codeForm, { phone });
	if (!answer.ok) say(card.message, answer.error, "bad");
}

async function verify(card, phoneForm, codeForm, values) {
	const code = values.code.replace(/[\s-]/g, "");
	if (!/^\d{6}$/.test(code)) return { ok: false, error: text("code_wrong") };
	const answer = await post("medgrid.integrations.sendblue_verify", { code });
	if (answer.ok) {
		phoneForm.reset();
		show(phoneForm, codeForm);
		await card.refresh();
		say(card.message, text("phone_verified"), "good");
		card.focusTitle();
	}
	return answer;
}

/** Shows one form instead of the other, and moves the focus to its field. */
function show(form, other) {
	other.hidden = true;
	form.hidden = false;
	const input = form.querySelector("input");
	input.value = "";
	showFieldError(input, "");
	input.focus();
}
