// The orders on top of a page that were cancelled after they were sent: each stays until the vendor acknowledges it.

import { say, whileBusy } from "./page.js";
import { post } from "./rpc.js";
import { text } from "./texts.js";

const message = document.querySelector('[data-slot="acknowledged"]');

for (const button of document.querySelectorAll("[data-acknowledge]")) {
	button.addEventListener("click", () => whileBusy(button, message, () => acknowledge(button)));
}

async function acknowledge(button) {
	const order = button.dataset.acknowledge;
	await post("medgrid.integrations.acknowledge", { orders: [order] });
	button.closest("li").remove();
	say(message, text("acknowledged", order), "good");
	// The button that had the focus is gone.
	(document.querySelector("[data-acknowledge]") ?? message).focus();
}
