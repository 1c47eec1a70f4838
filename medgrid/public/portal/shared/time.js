// Times in the user's time zone and language.

import { language } from "./language.js";

const format = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });

/** A `<time>` element for a UTC time in the contract's format, e.g. `2026-06-18 10:30:00`. */
export function timeElement(utc) {
	const made = document.createElement("time");
	made.dateTime = `${utc.replace(" ", "T")}Z`;
	localize(made);
	return made;
}

/** Shows a `<time datetime>` in the user's time zone; the tooltip contains the zone. */
export function localize(time) {
	const moment = new Date(time.dateTime);
	time.textContent = format.format(moment);
	time.title = moment.toLocaleString(language, { timeZoneName: "long" });
}
