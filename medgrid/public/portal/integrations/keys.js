// Connecting with an API key and secret (ShipStation). Contract: "connect_shipstation".

import { say, whileBusy } from "../shared/page.js";
import { post } from "../shared/rpc.js";
import { text } from "../shared/texts.js";
import { onSubmit, reject } from "./fields.js";
import { syncAll } from "./sync.js";

// A header carries no others. A key from a letter or a PDF may have a typographic dash.
const CHARACTERS = /^[\x21-\x7e]+$/;
const KEYS = ["api_key", "api_secret"];

export function connectWithKeys(card, form) {
	onSubmit(form, (keys, button) => whileBusy(button, card.message, () => connect(card, form, keys)));
	const start = form.elements.orders_since;
	start?.addEventListener("change", () => card.showOrdersSince(start.value).catch(() => {}));
}

async function connect(card, form, keys) {
	if (!(await connectAccount(card, form, { ...keys, ...card.ofAccount }, card.message))) return;
	form.reset();
	await card.refresh();
	say(card.message, text("connected", card.label), "good");
	card.focusTitle();
	await syncAll(card);
}

/** Connects an account with the values of a form; what is wrong, it says there. Returns whether it is connected. */
export async function connectAccount(card, form, values, message) {
	const name = KEYS.find((key) => !CHARACTERS.test(values[key]));
	if (name) {
		reject(form.elements[name], text("key_characters"));
		return false;
	}
	say(message, text("connecting"));
	const answer = await post(`medgrid.integrations.connect_${card.id}`, values);
	if (answer.ok) return true;
	// Only an error about the keys is shown at their field; others, e.g. that ShipStation is down, are not.
	const ofKeys = answer.error === text("keys_rejected");
	say(message, ofKeys ? text("keys_advice") : answer.error, "bad");
	if (ofKeys) reject(form.elements.api_secret, answer.error);
	return false;
}
