// The card of one integration: shows its entry of list_connections in the slots that the server has rendered.

import { element } from "../shared/page.js";
import { get, somebodyElse } from "../shared/rpc.js";
import { group, text } from "../shared/texts.js";
import { timeElement } from "../shared/time.js";
import { countUp } from "./numbers.js";

export class Card {
	#orders;
	#total = 0;

	constructor(root) {
		this.root = root;
		this.id = root.dataset.integration;
		// The first account of an integration is meant if none is named.
		this.account = root.dataset.account;
		this.label = root.dataset.label;
		this.message = this.slot("message");
	}

	get status() {
		return this.root.dataset.status;
	}

	slot(name) {
		return this.root.querySelector(`[data-slot="${name}"]`);
	}

	/** The parameters of an RPC for this card's connection. */
	get parameters() {
		return { integration_type: this.id, ...this.ofAccount };
	}

	/** The parameter that names the account; none for the first one. */
	get ofAccount() {
		return this.account ? { account: this.account } : {};
	}

	/** The button of an action; null if the card has none. */
	button(action) {
		return this.root.querySelector(`[data-action="${action}"]`);
	}

	/** Loads the current entry, how many orders wait, and the account's facts, and shows them. Returns the entry. */
	async refresh() {
		const [entry] = await Promise.all([currentEntry(this), this.#refreshOrders(), this.#refreshAccount()]);
		if (entry.status === "error") await this.#refreshAdvice();
		this.show(entry);
		return entry;
	}

	/** Says how many orders would be sent from a day on; an empty day: all that wait. */
	async showOrdersSince(day) {
		const place = this.slot("orders_to_send");
		const answer = day && (await get("medgrid.integrations.count_orders_since", { orders_since: day }));
		if (!answer) await this.#refreshOrders();
		else {
			place.textContent = text("orders_to_send", answer.orders);
			place.hidden = false;
		}
	}

	/** How many orders are not sent yet, when the card was loaded last. */
	get waitingOrders() {
		return this.#orders?.orders_waiting ?? 0;
	}

	/** Begins to count a sync's progress: so many orders are to be sent. 0: ends counting. */
	countFrom(total) {
		this.#total = total;
		this.#showProgress();
	}

	/** While progress is counted, loads how many orders are left, and shows it. Returns whether it is counted. */
	async refreshCount() {
		if (!this.#total) return false;
		await this.#refreshOrders();
		this.#showProgress();
		return this.#total > 0;
	}

	/** How far the sync is, in words. */
	get progressSentence() {
		return text("orders_done", this.#done, this.#total);
	}

	get #done() {
		return Math.max(0, this.#total - this.waitingOrders);
	}

	/** Without a total, a progress bar says only that something is going on. */
	#showProgress() {
		const bar = this.slot("progress");
		if (!this.#total) {
			bar.removeAttribute("value");
			return;
		}
		bar.max = this.#total;
		bar.value = this.#done;
	}

	/** Loads the numbers of orders. The same rule as `order_counts` on the server. */
	async #refreshOrders() {
		if (!("hasOrders" in this.root.dataset)) return;
		// The card itself is right without them.
		const answer = await get("medgrid.integrations.list_orders", { limit_page_length: 1 }).catch(() => null);
		if (!answer) return;
		const { counts } = answer;
		this.#orders = {
			orders_waiting: counts.waiting + counts.sending + counts.unknown,
			orders_failed: counts.failed,
			orders_sent_today: counts.sent_today,
		};
		const { orders_waiting: waiting, orders_failed: failed } = this.#orders;
		const waitingNow = this.slot("orders_to_send");
		if (waitingNow) {
			waitingNow.textContent = text("orders_to_send", waiting);
			waitingNow.hidden = !waiting;
		}
		this.root.dataset.partialAdvice =
			waiting || failed ? text("orders_left", waiting, failed) : text("partial_advice");
		this.#showStats(this.#orders);
	}

	/** Loads which account it is, and its last syncs. The same rule as in `card.html`. */
	async #refreshAccount() {
		// The card itself is right without them.
		const account = await accountOf(this).catch(() => null);
		if (!account) return;
		for (const name of ["connected_as", "connected_at", "next_sync_at", "connected_by"]) {
			const fact = this.root.querySelector(`[data-fact="${name}"]`);
			if (!fact) continue;
			const value = account[name];
			fact.hidden = !value;
			const shown = !value ? "" : name.endsWith("_at") ? timeElement(value) : value;
			(fact.querySelector("code") ?? fact.querySelector("dd")).replaceChildren(shown);
		}
		const list = this.slot("syncs");
		if (!list) return;
		const syncs = account.syncs.map(syncItem);
		list.replaceChildren(...(syncs.length ? syncs : [element("li", {}, text("never"))]));
	}

	/** Loads what to do about the failure. Which failure it is may have changed since the page was loaded. */
	async #refreshAdvice() {
		const answer = await get("medgrid.integrations.connection_advice", this.parameters).catch(() => null);
		this.root.dataset.advice = answer?.advice ?? "";
	}

	show(entry) {
		this.root.dataset.connected = entry.status === "not_connected" ? "no" : "yes";
		this.#showTrouble(entry.last_error ?? "");
		this.#showPaused(entry.paused);
		// The same rule as `card` on the server.
		this.#showStatus(entry.paused ? "paused" : entry.status);
		const time = entry.last_sync_at ? timeElement(entry.last_sync_at) : text("never");
		this.slot("last_sync_at")?.replaceChildren(time);
		this.#showStats(entry.stats);
	}

	/** Shows a sync as running before the server has confirmed it. Returns a function that restores the status. */
	showSyncing() {
		const before = this.status;
		this.#showStatus("syncing");
		this.slot("trouble").hidden = true;
		return () => this.#showStatus(before);
	}

	#showStatus(status) {
		this.root.dataset.status = status;
		this.slot("status").textContent = group("statuses")[status] ?? status;
		this.slot("progress").hidden = status !== "syncing";
		// Pausing stops the sync in progress.
		const [pause, isSyncing] = [this.button("pause"), status === "syncing"];
		if (pause) pause.textContent = text(isSyncing ? "stop" : "pause");
		for (const action of ["sync", "test"]) {
			// Not `disabled`, because a disabled button loses the keyboard focus.
			const button = this.button(action);
			if (isSyncing) button?.setAttribute("aria-disabled", "true");
			else if (!button?.hasAttribute("aria-busy")) button?.removeAttribute("aria-disabled");
		}
		this.slot("trouble").hidden = !this.slot("sentence").textContent;
		const isFailing = ["error", "paused"].includes(status);
		this.slot("advice").textContent = isFailing ? this.root.dataset.advice : this.root.dataset.partialAdvice;
	}

	#showStats(stats) {
		const facts = this.root.querySelector(".facts");
		for (const [key, value] of Object.entries(stats)) {
			if (!isShown(value)) continue;
			const place = facts.querySelector(`[data-stat="${CSS.escape(key)}"] dd`) ?? newFact(facts, key);
			if (typeof value === "number") countUp(place, value);
			else place.textContent = inWords(key, value);
		}
	}

	#showPaused(paused) {
		const place = this.slot("paused");
		if (!place) return;
		place.textContent = paused ? text("paused_by", paused.by) : "";
		place.hidden = !paused;
	}

	#showTrouble(sentence) {
		this.slot("sentence").textContent = sentence;
		this.slot("trouble").hidden = !sentence;
	}

	/** Shows the failures of single documents in a sync that succeeded, one sentence each. */
	showDetails(sentences) {
		const list = this.slot("details");
		list.replaceChildren(...sentences.map((sentence) => element("li", {}, sentence)));
		list.hidden = !sentences.length;
		if (sentences.length && this.status === "connected") this.#showTrouble(sentences[0]);
	}

	/** Moves the focus to the title, for example when the button that had it is hidden. */
	focusTitle() {
		this.root.querySelector("h2").focus();
	}
}

/** Loads a card's entry of list_connections, which has the first accounts only. */
export async function currentEntry(card) {
	if (card.account) return accountOf(card);
	const { integrations } = await ofThisUser("medgrid.integrations.list_connections");
	return integrations.find((entry) => entry.id === card.id);
}

/** Loads a card's entry of list_accounts; undefined if it was never connected. */
async function accountOf(card) {
	const { accounts } = await ofThisUser("medgrid.integrations.list_accounts");
	return accounts.find(({ id, account }) => id === card.id && (!card.account || account === card.account));
}

/** Calls a method. Reloads the page if another user has signed in. */
async function ofThisUser(method) {
	const answer = await get(method);
	if (!somebodyElse(answer.user)) return answer;
	location.reload();
	return new Promise(() => {});
}

function syncItem({ started, outcome, sentence }) {
	const item = element("li", {}, timeElement(started), " ", element("span", {}, sentence));
	item.dataset.outcome = outcome;
	return item;
}

function newFact(facts, key) {
	const label = group("stats")[key] ?? key.replaceAll("_", " ");
	const place = element("dd");
	const fact = element("div", {}, element("dt", {}, label), place);
	fact.dataset.stat = key;
	facts.append(fact);
	return place;
}

function inWords(key, value) {
	return group("stat_values")[key]?.[value] ?? (Array.isArray(value) ? value.join(", ") : String(value));
}

// The same rule as `shown_stats` on the server.
function isShown(value) {
	return typeof value !== "boolean" && value != null && value !== "" && value.length !== 0;
}
