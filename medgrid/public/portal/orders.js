// /portal/orders: lists the vendor's orders, filters them while the user types, and retries those that failed.

import "./shared/do_not_ship.js";
import { rowOf } from "./orders/rows.js";
import { filteredList, showCounts } from "./shared/filtered_list.js";
import { say, whileBusy } from "./shared/page.js";
import { post } from "./shared/rpc.js";
import { text } from "./shared/texts.js";

const outcome = document.getElementById("outcome");
const retryAll = document.querySelector('[data-action="retry-all"]');
const list = filteredList({
	method: "medgrid.integrations.list_orders",
	rows: "orders",
	rowOf: (order, number) => rowOf(order, number, retryOne),
	shown: showNumbers,
});

/** The states before "sent" all wait. */
function showNumbers(counts) {
	showCounts({ ...counts, waiting: counts.waiting + counts.sending + counts.unknown });
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
