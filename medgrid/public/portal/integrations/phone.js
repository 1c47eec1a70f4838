// Verifying a mobile number: first the number, then the code that was sent to it.

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
	// The code may have been sent from a page that was closed since.
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

/** What the server says of the value is shown where it was typed. */
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

/** What goes wrong is about the number, and not said at the code's field. */
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

/** Changes from one form to the other, with the focus in its field. */
function show(form, other) {
	other.hidden = true;
	form.hidden = false;
	const input = form.querySelector("input");
	input.value = "";
	showFieldError(input, "");
	input.focus();
}
