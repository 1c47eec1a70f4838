// Calls MedGrid's RPCs with the user's session, and converts failures to messages for the user.

import { text } from "./texts.js";

// The server answers within 30 seconds, a sync included; a slow network may need as long again.
const TIMEOUT_MS = 60_000;

/** A call that failed; the message is for the user. */
export class RpcError extends Error {
	constructor(message, status) {
		super(message);
		this.status = status;
	}
}

/** Calls a method that reads. If `signal` is aborted, the call rejects with an AbortError. */
export function get(method, parameters = {}, signal = undefined) {
	return call(`/api/method/${method}?${new URLSearchParams(parameters)}`, { signal });
}

/** Loads the file that a method answers, as a Blob. `address`: of the method, with its parameters. */
export function file(address) {
	return call(address, { read: (answer) => (answer.ok ? answer.blob() : messageOf(answer)) });
}

/** Calls a method that changes data. Rejects if another user has signed in since the page was loaded. */
export async function post(method, values = {}) {
	if (somebodyElse(signedInUser())) throw new RpcError(text("stale_page"), 400);
	const token = document.querySelector('meta[name="csrf-token"]').content;
	const headers = { "Content-Type": "application/json", "X-Frappe-CSRF-Token": token };
	return call(`/api/method/${method}`, { method: "POST", headers, body: JSON.stringify(values) });
}

/** Signs this page's user in again with a password. Rejects if that is wrong. */
export async function signIn(password) {
	const body = JSON.stringify({ usr: document.body.dataset.user, pwd: password });
	const headers = { Accept: "application/json", "Content-Type": "application/json" };
	const options = { method: "POST", credentials: "same-origin", cache: "no-store", headers, body };
	const answer = await fetch("/api/method/login", options).catch(() => {
		throw new RpcError(text("unreachable"), 0);
	});
	if (answer.status === 401) throw new RpcError(text("wrong_password"), 401);
	if (!answer.ok) await messageOf(answer);
}

/**
 * Takes over the token of the session that there is now, from the page as the server renders it. Returns whether
 * this page's user is signed in.
 */
export async function newSession() {
	const answer = await fetch(location.pathname, { credentials: "same-origin", cache: "no-store" });
	const page = new DOMParser().parseFromString(await answer.text(), "text/html");
	const token = page.querySelector('meta[name="csrf-token"]');
	if (!token || page.body.dataset.user !== document.body.dataset.user) return false;
	document.querySelector('meta[name="csrf-token"]').content = token.content;
	return true;
}

/** Whether `user` is not the user for whom the page was rendered, e.g. after a sign-in in another tab. */
export function somebodyElse(user) {
	return Boolean(user) && user !== "Guest" && user !== document.body.dataset.user;
}

function signedInUser() {
	const cookie = document.cookie.split("; ").find((pair) => pair.startsWith("user_id="));
	return cookie && decodeURIComponent(cookie.slice("user_id=".length));
}

async function call(address, { headers, signal, read = messageOf, ...options }) {
	// One controller for timeout and `signal`, because older browsers do not have `AbortSignal.any`.
	const stopped = new AbortController();
	const stop = () => stopped.abort();
	const limit = setTimeout(stop, TIMEOUT_MS);
	signal?.addEventListener("abort", stop);
	if (signal?.aborted) stop();
	try {
		return await read(await fetch(address, {
			...options,
			credentials: "same-origin",
			cache: "no-store",
			headers: { Accept: "application/json", ...headers },
			signal: stopped.signal,
		}));
	} catch (error) {
		// A call that the caller aborted needs no message.
		if (error instanceof RpcError || signal?.aborted) throw error;
		throw new RpcError(text("unreachable"), 0);
	} finally {
		clearTimeout(limit);
		signal?.removeEventListener("abort", stop);
	}
}

async function messageOf(answer) {
	const body = await answer.json().catch((error) => {
		// A body that is not JSON is a response; an incomplete one is a failed call.
		if (error instanceof SyntaxError) return null;
		throw error;
	});
	if (!answer.ok || !body) throw new RpcError(explanation(answer.status, body ?? {}), answer.status);
	return body.message;
}

function explanation(status, body) {
	if (status === 401) return text("signed_out");
	const [first] = messages(body);
	if (status === 400 && first === text("no_csrf_token")) return text("stale_page");
	// 503: the site is busy, and its message says when to try again.
	return (status < 500 || status === 503) && first ? first : text("failed");
}

/** The texts of an error. Contract: "Standard MedGrid Error Response". */
function messages(body) {
	try {
		return JSON.parse(body._server_messages).map((entry) => entry.message);
	} catch {
		return [];
	}
}
