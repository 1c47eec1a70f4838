// What several pages do with their elements.

import { RpcError } from "./rpc.js";
import { text } from "./texts.js";

const SLOW_MS = 8000;

/** An element with properties and children; strings become text, never HTML. */
export function element(tag, properties = {}, ...children) {
	const made = Object.assign(document.createElement(tag), properties);
	made.append(...children);
	return made;
}

/** Says something in a live region. `tone`: "good", "bad" or none. */
export function say(region, message, tone = "") {
	region.dataset.tone = tone;
	region.textContent = message;
}

/** A failure in the reader's words. Whatever is not an RpcError speaks to programmers: it goes to the console. */
export function inWords(error) {
	if (error instanceof RpcError) return error.message;
	console.error(error);
	return text("broken");
}

/**
 * Runs an action from a button: the button is busy meanwhile and a second click does nothing, a long wait is
 * explained, and a failure is said in the region.
 */
export async function whileBusy(button, region, action) {
	if (button.getAttribute("aria-busy") === "true") return;
	// Not `disabled`: that would take the focus away from a keyboard's user.
	button.setAttribute("aria-busy", "true");
	button.setAttribute("aria-disabled", "true");
	const slow = setTimeout(() => say(region, `${region.textContent} ${text("slow")}`.trim()), SLOW_MS);
	try {
		await action();
	} catch (error) {
		say(region, inWords(error), "bad");
	} finally {
		clearTimeout(slow);
		button.removeAttribute("aria-busy");
		button.removeAttribute("aria-disabled");
	}
}

/** Asks before something that cannot be undone. Resolves to whether the reader said yes. */
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
