// Connecting a Shopify store: a window of Shopify's, and this page that notices when it is done.
// Contract: "shopify_start_install", "shopify_callback".
//
// Shopify sends its window back to this very page with `?shopify=…`. A window cannot count on `opener` after it
// has been at another site, so the two pages talk over a BroadcastChannel, which only this site can hear. What the
// other page says is a hint; what is shown comes from list_connections.

import { say, whileBusy } from "../shared/page.js";
import { post } from "../shared/rpc.js";
import { group, text } from "../shared/texts.js";
import { currentEntry } from "./card.js";
import { filledIn, reject } from "./fields.js";

const CHANNEL = "medgrid-shopify";
const WINDOW = "popup,width=640,height=760";
const POLL_MS = 3000;
// As long as Shopify's answer would be accepted.
const PATIENCE_MS = 600_000;
const ACKNOWLEDGE_MS = 1500;

export function connectShop(card, form) {
	const button = form.querySelector('[type="submit"]');
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		const values = filledIn(form);
		if (!values || button.getAttribute("aria-busy")) return;
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
	const link = card.slot("authorize");
	link.href = answer.authorize_url;
	link.hidden = false;
	if (popup) popup.location.href = answer.authorize_url;
	else link.focus();
	say(card.message, text(popup ? "shopify_waiting" : "shopify_blocked"));
	// In the background: the button is free again, for whoever closed the window and wants to start anew.
	wait(card, popup);
}

/** Until Shopify's window says something, the connection is there, or patience ends. */
async function wait(card, popup) {
	card.waiting?.abort();
	const waiting = (card.waiting = new AbortController());
	const before = await currentEntry(card.id).catch(() => null);
	const outcome = await Promise.race([heard(waiting.signal), seen(card, before, waiting.signal)]);
	if (waiting.signal.aborted) return;
	waiting.abort();
	card.slot("authorize").hidden = true;
	popup?.close();
	await finish(card, outcome);
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
async function seen(card, before, signal) {
	const end = Date.now() + PATIENCE_MS;
	while (!signal.aborted && Date.now() < end) {
		await new Promise((resolve) => setTimeout(resolve, POLL_MS));
		const entry = await currentEntry(card.id).catch(() => null);
		if (entry?.status === "connected" && before?.status !== "connected") return { shopify: "connected" };
	}
	return { shopify: "gave_up" };
}

async function finish(card, outcome) {
	const entry = await card.refresh();
	if (outcome.shopify === "connected" && entry.status === "connected") {
		card.root.querySelector("form").reset();
		say(card.message, text("connected", card.label), "good");
		card.focusTitle();
	} else if (outcome.shopify === "error") {
		// The reason comes with the address, which anybody could have made: only those we know are shown.
		const reasons = group("shopify_reasons");
		say(card.message, reasons[outcome.reason] ?? reasons.failed, "bad");
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
		if (card) finish(card, outcome);
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
