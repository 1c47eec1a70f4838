// Starts a sync, or follows one that was started elsewhere, until it ends. Contract: "sync_now".

import { say } from "../shared/page.js";
import { poll } from "../shared/poll.js";
import { post } from "../shared/rpc.js";
import { text } from "../shared/texts.js";
import { currentEntry } from "./card.js";

const POLL_MS = 1500;
// A sync that continues as a job may take many minutes.
const LATER_POLL_MS = 5000;
const SOON_MS = 60_000;

/** Starts a sync and shows its progress and outcome. */
export async function syncNow(card) {
	card.showDetails([]);
	const restoreStatus = card.showSyncing();
	say(card.message, text("sync_running"));
	// The call lasts as long as the sync, so the progress is polled at the same time.
	const progress = showProgress(card);
	let answer, failure;
	try {
		answer = await post("medgrid.integrations.sync_now", card.parameters);
	} catch (error) {
		failure = error;
	}
	if (progress.signal.aborted) return;
	progress.abort();
	const entry = await card.refresh().catch((error) => {
		restoreStatus();
		throw failure ?? error;
	});
	if (!failure) await showOutcome(card, entry, answer);
	// 409: a sync was running already, e.g. of the hourly job. And a sync continues when its call is interrupted.
	else if (failure.status === 409 || entry.status === "syncing") await followSync(card);
	else throw failure;
}

/**
 * The first sync after connecting: goes on after each call, which sends 25 orders, until none is sent any more, or
 * somebody stops it. Does nothing if no order waits.
 */
export async function syncAll(card) {
	card.countFrom(card.waitingOrders);
	try {
		let before;
		do {
			before = card.waitingOrders;
			if (before) await syncNow(card);
		} while (card.status === "connected" && card.waitingOrders < before);
	} finally {
		card.countFrom(0);
	}
}

async function showOutcome(card, entry, answer) {
	const stats = answer.stats ?? {};
	const failures = [...(stats.push_errors ?? []), ...(stats.pull_errors ?? [])];
	card.showDetails(failures);
	if (entry.status === "not_connected") say(card.message, "");
	else if (!answer.ok) say(card.message, entry.last_error ? text("sync_failed") : answer.error, "bad");
	else if (entry.status === "syncing") await followSync(card, text("sync_deferred"));
	else if (failures.length) say(card.message, text("some_failed"), "bad");
	else sayDone(card);
}

/** The sync is done; that may not be true of all orders. */
function sayDone(card) {
	const waiting = card.waitingOrders;
	say(card.message, waiting ? text("sync_done_waiting", waiting) : text("sync_done"), "good");
}

/** Shows a running sync until it ends. Rejects if its status cannot be loaded any more. */
export async function followSync(card, sentence = text("sync_running")) {
	say(card.message, sentence);
	const entry = await follow(card, startFollowing(card).signal, async (entry) => {
		card.show(entry);
		// A sync that continues as a job waits for ShipStation's limit now and then.
		if (await card.refreshCount()) say(card.message, `${card.progressSentence} ${text("sync_waits")}`);
		return entry.status !== "syncing";
	});
	if (!entry) return;
	await card.refresh();
	if (entry.status === "connected") sayDone(card);
	else say(card.message, entry.status === "error" ? text("sync_failed") : "", "bad");
}

/** Stops showing the progress of a card's sync. */
export function stopFollowing(card) {
	card.following?.abort();
}

function startFollowing(card) {
	stopFollowing(card);
	return (card.following = new AbortController());
}

/** Shows progress until it is aborted. Ignores entries from before the sync began or after it ended. */
function showProgress(card) {
	const following = startFollowing(card);
	const shown = async (entry) => {
		if (entry.status === "syncing") card.show(entry);
		if (await card.refreshCount()) say(card.message, card.progressSentence);
	};
	// The call fails as well, and its failure is shown.
	follow(card, following.signal, shown).catch(() => {});
	return following;
}

/** Polls the entry, but not while the page is hidden. */
function follow(card, signal, last) {
	const begun = Date.now();
	return poll(() => (document.hidden ? null : currentEntry(card)), {
		last,
		pause: () => (Date.now() - begun < SOON_MS ? POLL_MS : LATER_POLL_MS),
		signal,
	});
}
