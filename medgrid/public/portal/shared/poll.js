// Polls until a response is the last one.

import { RpcError } from "./rpc.js";
import { text } from "./texts.js";

// The number of failures in a row after which polling ends; the pauses grow, to about two minutes in total.
const FAILURES = 6;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Calls `request` after each pause, until `last` returns true for a response. Resolves to that response, or to null
 * if `signal` is aborted. Ignores single failures; rejects if the session has ended, or after FAILURES failures.
 *
 * @param request resolves to a response, or to null to skip this turn; rejects with an RpcError
 * @param last returns, or resolves to, whether a response is the last one
 * @param pause returns the milliseconds before the next request
 */
export async function poll(request, { last, pause, signal }) {
	let failures = 0;
	for (;;) {
		await sleep(Math.max(pause(), failures && Math.min(pause() * 2 ** failures, LONGEST_PAUSE_MS)), signal);
		if (signal.aborted) return null;
		try {
			const answer = await request();
			if (signal.aborted) return null;
			failures = 0;
			if (answer && (await last(answer))) return answer;
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
