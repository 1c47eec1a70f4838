// Connects a Shopify store in a popup window; this page waits until the popup has returned from Shopify.
// Contract: "shopify_start_install", "shopify_callback".
//
// Shopify redirects the popup to this page with `?shopify=…`. The popup may have lost `opener` after it was at
// another site, so the two pages use a BroadcastChannel, which is limited to this origin. The popup's message is only
// a hint; the status that is shown comes from list_connections.

import { inWords, say, whileBusy } from "../shared/page.js";
import { poll } from "../shared/poll.js";
import { post } from "../shared/rpc.js";
import { group, text } from "../shared/texts.js";
import { currentEntry } from "./card.js";
import { onSubmit, reject } from "./fields.js";
import { shopDomain } from "./shop_address.js";

const CHANNEL = "medgrid-shopify";
const WINDOW = "popup,width=640,height=760";
const POLL_MS = 3000;
const WATCH_MS = 2000;
// The OAuth state is valid for this time.
const TIMEOUT_MS = 600_000;
const ACKNOWLEDGE_MS = 1500;

export function connectShop(card, form) {
	onSubmit(form, (values, button) => {
		if (button.getAttribute("aria-busy")) return;
		const shop = shopDomain(values.shop_domain);
		if (!shop) return reject(form.elements.shop_domain, text("shop_address"));
		form.elements.shop_domain.value = shop;
		// Open the popup in the click handler; browsers block popups that open later.
		const popup = window.open("about:blank", "_blank", WINDOW);
		whileBusy(button, card.message, () => start(card, form, { ...values, shop_domain: shop }, popup));
	});
}

async function start(card, form, values, popup) {
	say(card.message, text("shopify_starting"));
	let answer;
	try {
		answer = await post("medgrid.integrations.shopify_start_install", { ...values, ...card.ofAccount });
	} catch (error) {
		popup?.close();
		if (error.status !== 400) throw error;
		say(card.message, "");
		reject(form.elements.shop_domain, error.message);
		return;
	}
	// Listen before the popup opens Shopify, which may redirect it back at once.
	const outcome = showOutcome(card, popup);
	const link = card.slot("authorize");
	link.href = answer.authorize_url;
	link.hidden = false;
	if (popup) popup.location.href = answer.authorize_url;
	else link.focus();
	say(card.message, text(popup ? "shopify_waiting" : "shopify_blocked"));
	// Do not await: the button must work again, for a user who closed the popup and wants to start again.
	outcome.catch((error) => say(card.message, inWords(error), "bad"));
}

/** Waits until the popup has returned, the connection exists, or the time is over, and shows the outcome. */
async function showOutcome(card, popup) {
	card.waiting?.abort();
	const waiting = (card.waiting = new AbortController());
	const { signal } = waiting;
	noticeClosing(card, popup, signal);
	try {
		const outcome = await Promise.race([messageOfPopup(signal), newConnection(card, signal)]);
		if (signal.aborted) return;
		popup?.close();
		await finish(card, outcome);
	} finally {
		if (!signal.aborted) hideLink(card);
		waiting.abort();
	}
}

/** Says how to go on if the popup is closed. Browsers say so, too, if Shopify has cut it off from this page. */
function noticeClosing(card, popup, signal) {
	const timer = setInterval(() => {
		if (!popup?.closed) return;
		clearInterval(timer);
		say(card.message, text("shopify_closed"));
	}, WATCH_MS);
	signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}

/** Hides the link to Shopify. If the link has the focus, the focus moves to the card's message. */
function hideLink(card) {
	const link = card.slot("authorize");
	if (link === document.activeElement) card.message.focus();
	link.hidden = true;
}

/** The outcome that the popup sends after it returned from Shopify. */
function messageOfPopup(signal) {
	const channel = new BroadcastChannel(CHANNEL);
	signal.addEventListener("abort", () => channel.close());
	return new Promise((resolve) => {
		channel.addEventListener("message", ({ data }) => {
			if (data.type !== "returned") return;
			channel.postMessage({ type: "received" });
			resolve(data.outcome);
		});
	});
}

/** Polls list_connections, in case the popup was closed too early or the user approves on another device. */
async function newConnection(card, signal) {
	const before = card.status;
	const end = Date.now() + TIMEOUT_MS;
	const isNew = (entry) => entry.status === "connected" && before !== "connected";
	const last = (entry) => isNew(entry) || Date.now() > end;
	const entry = await poll(() => currentEntry(card), { last, pause: () => POLL_MS, signal });
	return { shopify: entry && isNew(entry) ? "connected" : "gave_up" };
}

async function finish(card, outcome) {
	const entry = await card.refresh();
	if (outcome.shopify === "error") {
		// The reason is a parameter of the URL, which anybody can write; only known reasons are shown.
		const reasons = group("shopify_reasons");
		const known = Object.hasOwn(reasons, outcome.reason) ? outcome.reason : "failed";
		say(card.message, reasons[known], "bad");
	} else if (entry.status === "connected") {
		// list_connections decides, even if the popup sent no outcome.
		card.root.querySelector("form[data-connect]")?.reset();
		say(card.message, text("connected", card.label), "good");
		card.focusTitle();
	} else {
		say(card.message, text("shopify_gave_up"));
	}
}

/** In the popup, after it returned from Shopify: sends the outcome to the waiting page, or shows it if none waits. */
export function noticeReturnFromShopify(card) {
	const parameters = new URLSearchParams(location.search);
	if (!parameters.has("shopify")) return;
	const outcome = { shopify: parameters.get("shopify"), reason: parameters.get("reason") };
	// Reloading the page must not send the outcome again.
	history.replaceState(null, "", location.pathname);
	const channel = new BroadcastChannel(CHANNEL);
	const noPageWaits = setTimeout(() => {
		channel.close();
		if (card) finish(card, outcome).catch((error) => say(card.message, inWords(error), "bad"));
	}, ACKNOWLEDGE_MS);
	channel.addEventListener("message", ({ data }) => {
		if (data.type !== "received") return;
		clearTimeout(noPageWaits);
		channel.close();
		window.close();
		// If the window is still open, the browser did not permit closing it, because no script opened it.
		if (card) say(card.message, text("close_window"));
	});
	channel.postMessage({ type: "returned", outcome });
}
