// A sync, from the click or from wherever it was started, to its end. Contract: "sync_now".

import { say } from "../shared/page.js";
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
	card.showSyncing();
	say(card.message, text("sync_running"));
	// The call lasts as long as the sync, so its progress is looked at beside it.
	const followed = new AbortController();
	follow(card, followed.signal);
	try {
		const answer = await post("medgrid.integrations.sync_now", { integration_type: card.id });
		followed.abort();
		await showOutcome(card, answer);
	} catch (error) {
		followed.abort();
		await card.refresh();
		// 409: somebody else's click, or the hourly job, was first.
		if (error.status !== 409) throw error;
		await followSync(card);
	}
}

async function showOutcome(card, answer) {
	const entry = await card.refresh();
	const stats = answer.stats ?? {};
	const failures = [...(stats.push_errors ?? []), ...(stats.pull_errors ?? [])];
	card.showDetails(failures);
	if (!answer.ok) say(card.message, entry.last_error ? text("sync_failed") : answer.error, "bad");
	else if (entry.status === "syncing") await followSync(card, text("sync_deferred"));
	else if (failures.length) say(card.message, text("some_failed"), "bad");
	else say(card.message, text("sync_done"), "good");
}

/** Shows a sync that runs already until it is done. */
export async function followSync(card, sentence = text("sync_running")) {
	say(card.message, sentence);
	const entry = await follow(card);
	if (entry) say(card.message, entry.status === "error" ? text("sync_failed") : text("sync_done"));
}

/** Refreshes a card until it is not syncing any more; nothing is asked while nobody looks at the page. */
async function follow(card, signal = undefined) {
	const begun = Date.now();
	for (;;) {
		await new Promise((resolve) => setTimeout(resolve, Date.now() - begun < SOON_MS ? POLL_MS : LATER_POLL_MS));
		if (signal?.aborted) return null;
		if (document.hidden) continue;
		const entry = await currentEntry(card.id).catch(() => null);
		if (signal?.aborted) return null;
		// Beside the call, an answer from before the sync began or from after its end is not news: the call tells.
		if (entry && (entry.status === "syncing" || !signal)) card.show(entry);
		if (entry && entry.status !== "syncing" && !signal) return entry;
	}
}
