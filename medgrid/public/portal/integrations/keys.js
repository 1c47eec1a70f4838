// Connecting with an API key and secret (ShipStation). Contract: "connect_shipstation".

import { say, whileBusy } from "../shared/page.js";
import { post } from "../shared/rpc.js";
import { text } from "../shared/texts.js";
import { filledIn, reject } from "./fields.js";

export function connectWithKeys(card, form) {
	const button = form.querySelector('[type="submit"]');
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		const keys = filledIn(form);
		if (keys) whileBusy(button, card.message, () => connect(card, form, keys));
	});
}

async function connect(card, form, keys) {
	say(card.message, text("connecting"));
	const answer = await post(`medgrid.integrations.connect_${card.id}`, keys);
	if (!answer.ok) {
		say(card.message, "");
		reject(form.elements.api_secret, answer.error);
		return;
	}
	form.reset();
	await card.refresh();
	say(card.message, text("connected", card.label), "good");
	card.focusTitle();
}
