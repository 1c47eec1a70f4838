// Connecting a Shopify store: a window of Shopify's, and this page that notices when it is done.
// Contract: "shopify_start_install", "shopify_callback".
//
// Shopify sends its window back to this very page with `?shopify=…`. A window cannot count on `opener` after it
// has been at another site, so the two pages talk over a BroadcastChannel, which only this site can hear. What the
// other page says is a hint; what is shown comes from list_connections.

import { inWords, say, whileBusy } from "../shared/page.js";
import { poll } from "../shared/poll.js";
import { post } from "../shared/rpc.js";
import { group, text } from "../shared/texts.js";
import { currentEntry } from "./card.js";
import { onSubmit, reject } from "./fields.js";

const CHANNEL = "medgrid-shopify";
const WINDOW = "popup,width=640,height=760";
const POLL_MS = 3000;
// As long as Shopify's answer would be accepted.
const PATIENCE_MS = 600_000;
const ACKNOWLEDGE_MS = 1500;

export function connectShop(card, form) {
	onSubmit(form, (values, button) => {
		if (button.getAttribute("aria-busy")) return;
		// At once, in the click: a browser blocks what opens later.
		const popup = window.open("about:blank", "_blank", WINDOW);
		whileBusy(button, card.message, () => start(card, form, values, popup));
	});
}

async function start(card, form, values, popup) {
	say(card.message, text("shopify_starting"));
	let answer;
	try {
		answer = await post("medgrid.integrations.shopify_start_install", values);
	} catch (error) {
		popup?.close();
		if (error.status !== 400) throw error;
		say(card.message, "");
		reject(form.elements.shop_domain, error.message);
		return;
	}
	// Before the window goes there: Shopify may send it back at once.
	const outcome = whatComesBack(card, popup);
	const link = card.slot("authorize");
	link.href = answer.authorize_url;
	link.hidden = false;
	if (popup) popup.location.href = answer.authorize_url;
	else link.focus();
	say(card.message, text(popup ? "shopify_waiting" : "shopify_blocked"));
	// In the background: the button is free again, for whoever closed the window and wants to start anew.
	outcome.catch((error) => say(card.message, inWords(error), "bad"));
}

/** Until Shopify's window says something, the connection is there, or patience ends; then that is shown. */
async function whatComesBack(card, popup) {
	card.waiting?.abort();
	const waiting = (card.waiting = new AbortController());
	const { signal } = waiting;
	try {
		const outcome = await Promise.race([heard(signal), seen(card, signal)]);
		if (signal.aborted) return;
		popup?.close();
		await finish(card, outcome);
	} finally {
		if (!signal.aborted) hideLink(card);
		waiting.abort();
	}
}

/** Takes the link to Shopify away; who is on it goes to the card's message. */
function hideLink(card) {
	const link = card.slot("authorize");
	if (link === document.activeElement) card.message.focus();
	link.hidden = true;
}

/** What the window that came back from Shopify says. */
function heard(signal) {
	const channel = new BroadcastChannel(CHANNEL);
	signal.addEventListener("abort", () => channel.close());
	return new Promise((resolve) => {
		channel.addEventListener("message", ({ data }) => {
			if (data.type !== "returned") return;
			channel.postMessage({ type: "noticed" });
			resolve(data.outcome);
		});
	});
}

/** What list_connections says, for a window that was closed too early, or is on another device. */
async function seen(card, signal) {
	const before = card.status;
	const end = Date.now() + PATIENCE_MS;
	const isNew = (entry) => entry.status === "connected" && before !== "connected";
	const last = (entry) => isNew(entry) || Date.now() > end;
	const entry = await poll(() => currentEntry(card.id), { last, pause: () => POLL_MS, signal });
	return { shopify: entry && isNew(entry) ? "connected" : "gave_up" };
}

async function finish(card, outcome) {
	const entry = await card.refresh();
	if (outcome.shopify === "error") {
		// The reason comes with the address, which anybody could have made: only those we know are shown.
		const reasons = group("shopify_reasons");
		const known = Object.hasOwn(reasons, outcome.reason) ? outcome.reason : "failed";
		say(card.message, reasons[known], "bad");
	} else if (entry.status === "connected") {
		// Even if nothing came back: what list_connections says counts.
		card.root.querySelector("form").reset();
		say(card.message, text("connected", card.label), "good");
		card.focusTitle();
	} else {
		say(card.message, text("shopify_gave_up"));
	}
}

/** On the page that Shopify's window came back to: tells the page that waits, or shows it here if none does. */
export function noticeReturnFromShopify(card) {
	const parameters = new URLSearchParams(location.search);
	if (!parameters.has("shopify")) return;
	const outcome = { shopify: parameters.get("shopify"), reason: parameters.get("reason") };
	// Reloading must not tell it again.
	history.replaceState(null, "", location.pathname);
	const channel = new BroadcastChannel(CHANNEL);
	const nobodyWaits = setTimeout(() => {
		channel.close();
		if (card) finish(card, outcome).catch((error) => say(card.message, inWords(error), "bad"));
	}, ACKNOWLEDGE_MS);
	channel.addEventListener("message", ({ data }) => {
		if (data.type !== "noticed") return;
		clearTimeout(nobodyWaits);
		channel.close();
		window.close();
		// Still here: the browser lets only windows close that a script opened.
		if (card) say(card.message, text("close_window"));
	});
	channel.postMessage({ type: "returned", outcome });
}
