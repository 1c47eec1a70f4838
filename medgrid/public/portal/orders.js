// /portal/orders: lists the vendor's orders, filters them while the user types, and retries those that failed.

import "./shared/do_not_ship.js";
import { rowOf } from "./orders/rows.js";
import { wireDownload } from "./shared/download.js";
import { say, whileBusy } from "./shared/page.js";
import { PagedList } from "./shared/paged_list.js";
import { post } from "./shared/rpc.js";
import { text } from "./shared/texts.js";

const PAUSE_MS = 250;
const FILE = "/api/method/medgrid.integrations.export_orders";

const form = document.getElementById("search");
const { state, query } = form.elements;
const outcome = document.getElementById("outcome");
const file = document.querySelector('[data-slot="file"]');
const retryAll = document.querySelector('[data-action="retry-all"]');
const list = new PagedList({
	method: "medgrid.integrations.list_orders",
	rows: "orders",
	rowOf: (order, number) => rowOf(order, number, retryOne),
	shown: showCounts,
});
let pause;

/** Shows the list for the form's values, and writes them to the URL, so that a reload or a link restores them. */
function show() {
	clearTimeout(pause);
	const wanted = { state: state.value, query: query.value.trim() };
	const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value));
	const search = new URLSearchParams(given).toString();
	history.replaceState(null, "", search ? `?${search}` : location.pathname);
	file.href = search ? `${FILE}?${search}` : FILE;
	list.show(given);
}

function restore() {
	const parameters = new URLSearchParams(location.search);
	query.value = parameters.get("query") ?? "";
	const known = [...state.options].some((option) => option.value === parameters.get("state"));
	if (known) state.value = parameters.get("state");
}

/** Shows how many orders wait, have failed and were sent today. The states before "sent" all wait. */
function showCounts(counts) {
	const waiting = counts.waiting + counts.sending + counts.unknown;
	for (const [key, value] of Object.entries({ ...counts, waiting })) {
		const place = document.querySelector(`[data-count="${key}"]`);
		if (place) place.textContent = value;
	}
	if (!counts.failed && document.activeElement === retryAll) outcome.focus();
	retryAll.hidden = !counts.failed;
}

function retryOne(order, button) {
	return whileBusy(button, outcome, async () => {
		await post("medgrid.integrations.retry_orders", { orders: [order.sales_order] });
		await list.reload({ focus: order.sales_order });
		say(outcome, text("retried_one", order.sales_order), "good");
	});
}

retryAll.addEventListener("click", () =>
	whileBusy(retryAll, outcome, async () => {
		const answer = await post("medgrid.integrations.retry_orders");
		await list.reload();
		const left = answer.left ? ` ${text("retried_left", answer.left)}` : "";
		say(outcome, text("retried_all", answer.retried.length) + left, "good");
	}));

wireDownload(file, outcome);
form.addEventListener("submit", (event) => {
	event.preventDefault();
	show();
});
state.addEventListener("change", show);
query.addEventListener("input", () => {
	clearTimeout(pause);
	pause = setTimeout(show, PAUSE_MS);
});

restore();
show();
