// Verifying a mobile number: first the number, then the code that was sent to it.

import { say, whileBusy } from "../shared/page.js";
import { post } from "../shared/rpc.js";
import { text } from "../shared/texts.js";
import { filledIn, reject } from "./fields.js";

export function connectPhone(card, phoneForm) {
	const codeForm = card.root.querySelector('form[data-connect="code"]');
	onSubmit(card, phoneForm, (values) => sendCode(card, phoneForm, codeForm, values));
	onSubmit(card, codeForm, (values) => verify(card, phoneForm, codeForm, values));
	card.root.querySelector('[data-action="other-number"]').addEventListener("click", () => {
		show(phoneForm, codeForm);
		say(card.message, "");
	});
}

function onSubmit(card, form, action) {
	const button = form.querySelector('[type="submit"]');
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		const values = filledIn(form);
		if (values) whileBusy(button, card.message, () => atTheField(card, form, () => action(values)));
	});
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
	form.querySelector("input").value = "";
	form.querySelector("input").focus();
}
