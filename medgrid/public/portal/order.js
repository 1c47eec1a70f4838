// /portal/order: retries the order that the page shows.

import { say, whileBusy } from "./shared/page.js";
import { post } from "./shared/rpc.js";
import { text } from "./shared/texts.js";

// The order that was retried just now, after the page was loaded again.
const RETRIED = "medgrid-retried-order";

const { order } = document.querySelector("[data-order]").dataset;
const outcome = document.getElementById("outcome");
const retry = document.querySelector('[data-action="retry"]');

retry?.addEventListener("click", () =>
	whileBusy(retry, outcome, async () => {
		await post("medgrid.integrations.retry_orders", { orders: [order] });
		sessionStorage.setItem(RETRIED, order);
		location.reload();
	}));

if (sessionStorage.getItem(RETRIED) === order) {
	sessionStorage.removeItem(RETRIED);
	say(outcome, text("retried_one", order), "good");
	outcome.focus();
}
