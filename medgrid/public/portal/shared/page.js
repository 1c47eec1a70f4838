// Functions for elements, used by several pages.

import { RpcError } from "./rpc.js";
import { withSession } from "./sign_in.js";
import { text } from "./texts.js";

const SLOW_MS = 8000;

/** Creates an element with properties and children; strings become text, never HTML. */
export function element(tag, properties = {}, ...children) {
	const made = Object.assign(document.createElement(tag), properties);
	made.append(...children);
	return made;
}

/** Shows a message in a live region. `tone`: "good", "bad" or none. */
export function say(region, message, tone = "") {
	region.dataset.tone = tone;
	region.textContent = message;
}

/** The message of a failure for the user. An error that is not an RpcError goes to the console. */
export function inWords(error) {
	if (error instanceof RpcError) return error.message;
	console.error(error);
	return text("broken");
}

/**
 * Runs a button's action; see `withSession`. While it runs, the button is busy and ignores clicks. The region explains a long wait and
 * shows a failure.
 */
export async function whileBusy(button, region, action) {
	if (button.getAttribute("aria-busy") === "true") return;
	// Not `disabled`, because a disabled button loses the keyboard focus.
	button.setAttribute("aria-busy", "true");
	button.setAttribute("aria-disabled", "true");
	const slow = setTimeout(() => say(region, `${region.textContent} ${text("slow")}`.trim()), SLOW_MS);
	try {
		await withSession(action, (message) => say(region, message, message ? "bad" : ""));
	} catch (error) {
		say(region, inWords(error), "bad");
	} finally {
		clearTimeout(slow);
		button.removeAttribute("aria-busy");
		button.removeAttribute("aria-disabled");
	}
}

/** Shows a dialog before an action that cannot be undone. Resolves to whether the user confirmed it. */
export function confirmed(title, explanation, action) {
	const dialog = document.getElementById("confirm");
	dialog.querySelector("#confirm-title").textContent = title;
	dialog.querySelector("#confirm-text").textContent = explanation;
	dialog.querySelector("#confirm-yes").textContent = action;
	dialog.returnValue = "no";
	dialog.showModal();
	return new Promise((resolve) => {
		dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
	});
}
