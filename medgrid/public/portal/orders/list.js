// The list of orders, loaded page by page. Responses to outdated requests are ignored.

import { language } from "../shared/language.js";
import { inWords } from "../shared/page.js";
import { get, somebodyElse } from "../shared/rpc.js";
import { text } from "../shared/texts.js";
import { rowOf } from "./rows.js";

const PAGE_LENGTH = 50;
// The server's maximum for one request.
const MOST_ROWS = 500;

export class OrderList {
	#frame = document.querySelector(".orders");
	#table = document.querySelector(".orders table");
	#count = document.getElementById("count");
	#failure = document.getElementById("failure");
	#nothing = document.getElementById("nothing");
	#more = document.querySelector('[data-action="more"]');
	#body = document.createElement("tbody");
	#filters = {};
	#request = new AbortController();
	#shown = 0;
	#retry;
	#onShown;

	/**
	 * @param retry is called with an order and its button
	 * @param shown is called with the numbers of orders in each state
	 */
	constructor({ retry, shown }) {
		this.#retry = retry;
		this.#onShown = shown;
		this.#body.setAttribute("role", "rowgroup");
		this.#table.append(this.#body);
		this.#more.addEventListener("click", () => this.#next({ focus: true }));
		document.querySelector('[data-action="again"]').addEventListener("click", () => this.#next({}));
	}

	/** Shows the list for other filters, and aborts the current request. */
	show(filters) {
		this.#filters = filters;
		this.#shown = 0;
		return this.#next({});
	}

	/** Loads what is shown once more. `focus`: the order whose row gets the focus. */
	async reload({ focus } = {}) {
		const rows = Math.min(Math.max(this.#shown, PAGE_LENGTH), MOST_ROWS);
		this.#shown = 0;
		await this.#next({ rows });
		const row = focus && this.#body.querySelector(`[data-order="${CSS.escape(focus)}"]`);
		if (row) row.focus();
		else if (focus) document.getElementById("outcome").focus();
	}

	async #next({ rows = PAGE_LENGTH, focus = false }) {
		const request = this.#begin();
		try {
			const page = { limit_start: this.#shown, limit_page_length: rows };
			const answer = await get("medgrid.integrations.list_orders", { ...this.#filters, ...page }, request.signal);
			if (request.signal.aborted) return;
			if (somebodyElse(answer.user)) {
				location.reload();
				return;
			}
			this.#show(answer, focus);
		} catch (error) {
			if (!request.signal.aborted) this.#fail(error);
		}
	}

	#begin() {
		this.#request.abort();
		this.#request = new AbortController();
		this.#frame.setAttribute("aria-busy", "true");
		this.#failure.hidden = true;
		this.#more.hidden = true;
		return this.#request;
	}

	#show({ orders, total, counts }, focus) {
		const rows = orders.map((order, index) => rowOf(order, this.#shown + index, this.#retry));
		if (this.#shown) this.#body.append(...rows);
		else this.#body.replaceChildren(...rows);
		this.#shown += rows.length;
		const isMore = rows.length > 0 && this.#shown < total;
		this.#more.hidden = !isMore;
		this.#table.setAttribute("aria-rowcount", total + 1);
		this.#finish(this.#sentence(total, isMore), { nothing: !total });
		this.#onShown(counts);
		if (focus) rows[0]?.focus();
	}

	#sentence(total, isMore) {
		if (!total) return text(Object.keys(this.#filters).length ? "nothing_found" : "nothing_here");
		const [shown, all] = [this.#shown, total].map((number) => number.toLocaleString(language));
		return isMore ? text("shown", shown, all) : text("all_shown", all);
	}

	#finish(sentence, { nothing = false } = {}) {
		this.#frame.setAttribute("aria-busy", "false");
		this.#frame.querySelector(".skeleton").hidden = true;
		this.#count.textContent = sentence;
		this.#nothing.textContent = nothing ? sentence : "";
		this.#nothing.hidden = !nothing;
	}

	#fail(error) {
		if (!this.#shown) this.#body.replaceChildren();
		this.#finish("");
		this.#failure.querySelector("p").textContent = inWords(error);
		this.#failure.hidden = false;
	}
}
