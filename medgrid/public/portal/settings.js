// /portal/settings: the user's API keys, and whether they get mails. Contract: "Generate API Credentials".

import { confirmed, say, whileBusy } from "./shared/page.js";
import { post } from "./shared/rpc.js";
import { text } from "./shared/texts.js";

const section = document.getElementById("api-access");
const message = section.querySelector('[data-slot="message"]');
const notice = document.getElementById("secret-notice");
const key = document.getElementById("api-key");
const secret = document.getElementById("api-secret");
const copySecret = section.querySelector('[data-copy="api-secret"]');
const sampleKey = section.querySelector('[data-slot="curl-key"]');
const sampleSecret = section.querySelector('[data-slot="curl-secret"]');

const MASK = secret.textContent;
const SAMPLE_SECRET = sampleSecret.textContent;

async function generate() {
	showKeys(await post("medgrid.account.generate_keys"));
	notice.focus();
}

async function regenerate() {
	const question = [text("regenerate_title"), text("regenerate_text"), text("regenerate")];
	if (await confirmed(...question)) await generate();
}

async function revoke() {
	if (!(await confirmed(text("revoke_title"), text("revoke_text"), text("revoke")))) return;
	await post("medgrid.account.revoke_keys");
	section.dataset.hasKeys = "no";
	forgetSecret();
	key.textContent = sampleKey.textContent = "";
	say(message, text("revoked"), "good");
	document.getElementById("api-title").focus();
}

function showKeys({ api_key, api_secret }) {
	section.dataset.hasKeys = "yes";
	key.textContent = sampleKey.textContent = api_key;
	secret.textContent = sampleSecret.textContent = api_secret;
	copySecret.hidden = false;
	document.getElementById("secret-hint").hidden = true;
	notice.hidden = false;
	say(message, "");
}

function forgetSecret() {
	secret.textContent = MASK;
	sampleSecret.textContent = SAMPLE_SECRET;
	copySecret.hidden = true;
	notice.hidden = true;
	document.getElementById("secret-hint").hidden = false;
}

async function copy(id) {
	try {
		await navigator.clipboard.writeText(document.getElementById(id).textContent);
		say(message, text("copied"), "good");
	} catch {
		getSelection().selectAllChildren(document.getElementById(id));
		say(message, text("copy_failed"), "bad");
	}
}

for (const [name, action] of Object.entries({ generate, regenerate, revoke })) {
	const button = section.querySelector(`[data-action="${name}"]`);
	button.addEventListener("click", () => whileBusy(button, message, action));
}
for (const button of section.querySelectorAll("[data-copy]")) {
	button.addEventListener("click", () => copy(button.dataset.copy));
}

const mails = document.getElementById("mails");
if (mails) {
	const said = mails.querySelector('[data-slot="message"]');
	const button = mails.querySelector('[data-action="mails"]');
	const choose = async () => {
		const wanted = mails.dataset.mails === "off";
		await post("medgrid.account.choose_mails", { mails: wanted });
		mails.dataset.mails = wanted ? "on" : "off";
		button.textContent = text(wanted ? "turn_mails_off" : "turn_mails_on");
		say(said, text(wanted ? "mails_on" : "mails_off"), "good");
	};
	button.addEventListener("click", () => whileBusy(button, said, choose));
}
