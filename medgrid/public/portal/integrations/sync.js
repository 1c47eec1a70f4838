// A sync, from the click or from wherever it was started, to its end. Contract: "sync_now".

import { say } from "../shared/page.js";
import { poll } from "../shared/poll.js";
import { post } from "../shared/rpc.js";
import { text } from "../shared/texts.js";
import { currentEntry } from "./card.js";

const POLL_MS = 1500;
// A sync that goes on as a job may take many minutes.
const LATER_POLL_MS = 5000;
const SOON_MS = 60_000;

/** Starts a sync and shows how it goes. */
export async function syncNow(card) {
	card.showDetails([]);
	const takeBack = card.showSyncing();
	say(card.message, text("sync_running"));
	// The call lasts as long as the sync, so its progress is looked at beside it.
	const beside = showProgress(card);
	let answer, failure;
	try {
		answer = await post("medgrid.integrations.sync_now", { integration_type: card.id });
	} catch (error) {
		failure = error;
	}
	if (beside.signal.aborted) return;
	beside.abort();
	const entry = await card.refresh().catch((error) => {
		takeBack();
		throw failure ?? error;
	});
	if (!failure) await showOutcome(card, entry, answer);
	// 409: somebody else's click, or the hourly job, was first. And a call that broke off stops no sync.
	else if (failure.status === 409 || entry.status === "syncing") await followSync(card);
	else throw failure;
}

async function showOutcome(card, entry, answer) {
	const stats = answer.stats ?? {};
	const failures = [...(stats.push_errors ?? []), ...(stats.pull_errors ?? [])];
	card.showDetails(failures);
	if (entry.status === "not_connected") say(card.message, "");
	else if (!answer.ok) say(card.message, entry.last_error ? text("sync_failed") : answer.error, "bad");
	else if (entry.status === "syncing") await followSync(card, text("sync_deferred"));
	else if (failures.length) say(card.message, text("some_failed"), "bad");
	else say(card.message, text("sync_done"), "good");
}

/** Shows a sync that runs already until it is done. Rejects when nothing can be heard of it any more. */
export async function followSync(card, sentence = text("sync_running")) {
	say(card.message, sentence);
	const entry = await follow(card, startFollowing(card).signal, (entry) => {
		card.show(entry);
		return entry.status !== "syncing";
	});
	if (!entry) return;
	if (entry.status === "connected") say(card.message, text("sync_done"), "good");
	else say(card.message, entry.status === "error" ? text("sync_failed") : "", "bad");
}

/** No more is shown or said of a card's sync. */
export function stopFollowing(card) {
	card.following?.abort();
}

function startFollowing(card) {
	stopFollowing(card);
	return (card.following = new AbortController());
}

/** Shows progress until it is aborted. Answers from before the sync began, or after it, are left to the call. */
function showProgress(card) {
	const following = startFollowing(card);
	const shown = (entry) => void (entry.status === "syncing" && card.show(entry));
	// What goes wrong goes wrong for the call as well, and that says so.
	follow(card, following.signal, shown).catch(() => {});
	return following;
}

/** Polls; nothing is asked while nobody looks at the page. */
function follow(card, signal, last) {
	const begun = Date.now();
	return poll(() => (document.hidden ? null : currentEntry(card.id)), {
		last,
		pause: () => (Date.now() - begun < SOON_MS ? POLL_MS : LATER_POLL_MS),
		signal,
	});
}
