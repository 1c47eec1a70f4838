// /portal/integrations: adds the actions to the cards. All cards have the same buttons but different forms to
// connect.

import "./shared/do_not_ship.js";
import { Card } from "./integrations/card.js";
import { connectWithKeys } from "./integrations/keys.js";
import { connectPhone } from "./integrations/phone.js";
import { refreshRouting, welcomeNewAccount, wireRouting } from "./integrations/routing.js";
import { connectShop, noticeReturnFromShopify } from "./integrations/shop.js";
import { followSync, stopFollowing, syncNow } from "./integrations/sync.js";
import { confirmed, inWords, say, whileBusy } from "./shared/page.js";
import { post } from "./shared/rpc.js";
import { withSession } from "./shared/sign_in.js";
import { text } from "./shared/texts.js";

const CONNECTORS = { keys: connectWithKeys, shop: connectShop, phone: connectPhone };

async function test(card) {
	say(card.message, text("testing"));
	const answer = await post("medgrid.integrations.test_connection", card.parameters);
	await card.refresh();
	// The card's red box shows the error already; do not show it twice.
	say(card.message, answer.ok ? text("test_ok") : "", "good");
	if (!answer.ok) card.focusTitle();
}

async function disconnect(card) {
	const question = [text("disconnect_title", card.label), text("disconnect_text"), text("disconnect")];
	if (!(await confirmed(...question))) return;
	await post("medgrid.integrations.disconnect", card.parameters);
	stopFollowing(card);
	await card.refresh();
	card.showDetails([]);
	say(card.message, text("disconnected", card.label), "good");
	card.focusTitle();
	await refreshRouting(cards);
}

/** Pausing stops the sync in progress, too: otherwise the hourly job would go on with it. */
async function pause(card) {
	stopFollowing(card);
	card.countFrom(0);
	await post("medgrid.integrations.pause", card.parameters);
	await card.refresh();
	const left = card.waitingOrders;
	say(card.message, left ? text("paused_left", card.label, left) : text("paused", card.label), "good");
	card.button("resume").focus();
}

async function resume(card) {
	await post("medgrid.integrations.resume", card.parameters);
	await card.refresh();
	say(card.message, text("resumed", card.label), "good");
	card.button("sync").focus();
	if (card.status === "syncing") await followSync(card);
}

const ACTIONS = { sync: syncNow, test, disconnect, pause, resume };

function wire(card) {
	for (const [name, action] of Object.entries(ACTIONS)) {
		const button = card.button(name);
		button?.addEventListener("click", () => {
			// Another action of the card is under way.
			if (button.getAttribute("aria-disabled") !== "true") whileBusy(button, card.message, () => action(card));
		});
	}
	for (const form of card.root.querySelectorAll("form[data-connect]")) {
		CONNECTORS[form.dataset.connect]?.(card, form);
	}
	wireRouting(card, cards);
	if (card.status === "syncing") {
		const follow = withSession(() => followSync(card), (sentence) => say(card.message, sentence));
		follow.catch((error) => say(card.message, inWords(error), "bad"));
	}
}

const cards = [...document.querySelectorAll("[data-integration]")].map((root) => new Card(root));
cards.forEach(wire);
welcomeNewAccount(cards);
noticeReturnFromShopify(cards.find((card) => card.id === "shopify"));
