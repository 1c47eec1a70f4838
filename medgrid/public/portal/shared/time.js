// Times in the reader's own zone and language.

import { language } from "./language.js";

const format = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });

/** The contract's `2026-06-18 10:30:00`, which is UTC, as a `<time>`. */
export function timeElement(utc) {
	const made = document.createElement("time");
	made.dateTime = `${utc.replace(" ", "T")}Z`;
	localize(made);
	return made;
}

/** Rewrites a `<time datetime>` for the reader; the zone is in its tooltip. */
export function localize(time) {
	const moment = new Date(time.dateTime);
	time.textContent = format.format(moment);
	time.title = moment.toLocaleString(language, { timeZoneName: "long" });
}
