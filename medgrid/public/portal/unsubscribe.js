// /portal/unsubscribe: turns off the mails to the user whom the link in a mail names.

import { say, whileBusy } from "./shared/page.js";
import { post } from "./shared/rpc.js";
import { text } from "./shared/texts.js";

const section = document.getElementById("unsubscribe");
const message = section.querySelector('[data-slot="message"]');
const button = section.querySelector('[data-action="unsubscribe"]');

async function unsubscribe() {
	const link = new URLSearchParams(location.search);
	await post("medgrid.account.unsubscribe", { user: link.get("user") ?? "", key: link.get("key") ?? "" });
	say(message, text("unsubscribed"), "good");
	button.hidden = true;
	document.getElementById("unsubscribe-title").focus();
}

button.addEventListener("click", () => whileBusy(button, message, unsubscribe));
