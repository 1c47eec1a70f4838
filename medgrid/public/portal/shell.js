// For every page: times in the user's time zone, signing out, and returning to a page.

import { whileBusy } from "./shared/page.js";
import { post } from "./shared/rpc.js";
import { localize } from "./shared/time.js";

document.querySelectorAll("time[datetime]").forEach(localize);

const signOut = document.querySelector("[data-sign-out]");
const pageError = document.querySelector("[data-page-error]");

signOut?.addEventListener("click", async () => {
	await whileBusy(signOut, pageError, async () => {
		await post("logout");
		location.assign("/login?redirect-to=/portal");
	});
	pageError.hidden = !pageError.textContent;
});

// Some browsers keep a page in memory after the user left it, with secrets that it showed, whatever its headers say.
// Another user may return to it.
addEventListener("pagehide", (event) => {
	document.body.hidden = event.persisted;
});
addEventListener("pageshow", (event) => {
	if (event.persisted) location.reload();
});
