// The link to a file of an RPC: the script loads the file, so that who is signed out can sign in and go on, and a
// failure is said. Without the script, the browser loads it.

import { element, say, whileBusy } from "./page.js";
import { file } from "./rpc.js";

/** Wires a link with `download`, the name of the file. `region` says what goes wrong. */
export function wireDownload(link, region) {
	link.addEventListener("click", (event) => {
		// In another tab, or to be saved elsewhere.
		if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
		event.preventDefault();
		whileBusy(link, region, () => save(link, region));
	});
}

async function save(link, region) {
	const address = URL.createObjectURL(await file(link.href));
	element("a", { href: address, download: link.download }).click();
	say(region, "");
	// The browser has the file by then.
	setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
