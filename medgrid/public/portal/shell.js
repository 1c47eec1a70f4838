// Every page: times in the reader's zone, signing out, coming back.

import { whileBusy } from "./shared/page.js";
import { post } from "./shared/rpc.js";
import { localize } from "./shared/time.js";

document.querySelectorAll("time[datetime]").forEach(localize);

const signOut = document.querySelector("[data-sign-out]");
const pageError = document.querySelector("[data-page-error]");

signOut.addEventListener("click", async () => {
	await whileBusy(signOut, pageError, async () => {
		await post("logout");
		location.assign("/login?redirect-to=/portal");
	});
	pageError.hidden = !pageError.textContent;
});

// Some browsers keep a page that was left in memory, whatever its headers say, secrets that it showed included; who
// comes back to it may be somebody else.
addEventListener("pagehide", (event) => {
	document.body.hidden = event.persisted;
});
addEventListener("pageshow", (event) => {
	if (event.persisted) location.reload();
});
