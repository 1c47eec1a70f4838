// Asking again and again, until an answer is the last one.

import { RpcError } from "./rpc.js";
import { text } from "./texts.js";

// Failures in a row, each with a longer pause after it: about two minutes.
const FAILURES = 6;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Waits, asks, and hands each answer to `last`, until that says yes: resolves to this answer, or to null once
 * `signal` is aborted. A single failure is passed over; a session that ended, or nothing but failures, rejects.
 *
 * @param ask resolves to an answer, or rejects with an RpcError; to nothing: not asked this time
 * @param last whether an answer is the last one
 * @param pause milliseconds before the next question
 */
export async function poll(ask, { last, pause, signal }) {
	let failures = 0;
	for (;;) {
		await sleep(Math.max(pause(), failures && Math.min(pause() * 2 ** failures, LONGEST_PAUSE_MS)), signal);
		if (signal.aborted) return null;
		try {
			const answer = await ask();
			if (signal.aborted) return null;
			failures = 0;
			if (answer && last(answer)) return answer;
		} catch (error) {
			if (signal.aborted) return null;
			if ([401, 403].includes(error.status)) throw new RpcError(text("signed_out"), error.status);
			failures += 1;
			if (!(error instanceof RpcError) || failures === FAILURES) throw error;
		}
	}
}

function sleep(milliseconds, signal) {
	return new Promise((resolve) => {
		const timer = setTimeout(resolve, milliseconds);
		signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
	});
}
