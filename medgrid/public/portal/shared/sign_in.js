// Signing in again on a page whose session has ended: what was typed stays, and the action that failed is repeated.

import { newSession, RpcError, signIn } from "./rpc.js";
import { text } from "./texts.js";

const dialog = document.getElementById("sign-in");
const form = dialog.querySelector("form");
const password = document.getElementById("sign-in-password");
const failure = document.getElementById("sign-in-error");
const elsewhere = dialog.querySelector("a");

let underway = null;

/**
 * Runs an action. If the session has ended, asks the user to sign in, and runs it once more.
 * `said` is called before the question, with the sentence about the session.
 */
export async function withSession(action, said = () => {}) {
	try {
		return await action();
	} catch (error) {
		if (!(error instanceof RpcError) || error.status !== 401) throw error;
		said(error.message);
		if (!(await signedInAgain())) throw error;
		said("");
		return action();
	}
}

/** Asks for the password; resolves to whether this page's user is signed in. Questions at a time are one. */
function signedInAgain() {
	underway ??= ask().finally(() => (underway = null));
	return underway;
}

function ask() {
	show("");
	dialog.returnValue = "";
	dialog.showModal();
	password.focus();
	return new Promise((resolve) => {
		dialog.addEventListener("close", () => resolve(dialog.returnValue === "signed in"), { once: true });
	});
}

function show(message) {
	failure.textContent = message;
	if (message) password.setAttribute("aria-invalid", "true");
	else password.removeAttribute("aria-invalid");
}

async function submit(event) {
	event.preventDefault();
	const button = form.querySelector('[type="submit"]');
	if (button.getAttribute("aria-busy") === "true") return;
	button.setAttribute("aria-busy", "true");
	try {
		await signIn(password.value);
		finish(await newSession());
	} catch (error) {
		show(error instanceof RpcError ? error.message : text("broken"));
		password.focus();
	} finally {
		button.removeAttribute("aria-busy");
		password.value = "";
	}
}

/** Whoever signs in with more than a password does so in another tab, and comes back. */
async function look() {
	if (!dialog.open || document.visibilityState !== "visible") return;
	if (await newSession().catch(() => false)) finish(true);
}

function finish(isSignedIn) {
	if (isSignedIn) dialog.close("signed in");
	else show(text("sign_in_elsewhere"));
}

form.addEventListener("submit", submit);
dialog.querySelector('[data-action="not-now"]').addEventListener("click", () => dialog.close(""));
elsewhere.addEventListener("click", () => document.addEventListener("visibilitychange", look));
