// A list of an RPC that answers pages (`total`, `counts`, `user` and the rows), loaded page by page. Responses to
// outdated requests are ignored.

import { language } from "./language.js";
import { inWords } from "./page.js";
import { get, somebodyElse } from "./rpc.js";
import { withSession } from "./sign_in.js";
import { text } from "./texts.js";

const PAGE_LENGTH = 50;
// The server's maximum for one request.
const MOST_ROWS = 500;

export class PagedList {
	#frame = document.querySelector(".paged");
	#table = document.querySelector(".paged table");
	#count = document.getElementById("count");
	#failure = document.getElementById("failure");
	#nothing = document.getElementById("nothing");
	#more = document.querySelector('[data-action="more"]');
	#body = document.createElement("tbody");
	#filters = {};
	#request = new AbortController();
	#shown = 0;
	#source;

	/**
	 * @param method the RPC
	 * @param rows the key of the rows in its answer
	 * @param rowOf makes a table row of a row and the number of rows above it; its `data-key` names it
	 * @param shown is called with the answer's `counts`
	 */
	constructor({ method, rows, rowOf, shown }) {
		this.#source = { method, rows, rowOf, shown };
		this.#body.setAttribute("role", "rowgroup");
		this.#table.append(this.#body);
		this.#more.addEventListener("click", () => this.#next({ focus: true }));
		document.querySelector('[data-action="again"]').addEventListener("click", () => this.#again());
	}

	/** Shows the list for other filters, and aborts the current request. */
	show(filters) {
		this.#filters = filters;
		this.#shown = 0;
		return this.#next({});
	}

	/** Loads what is shown once more. `focus`: the key of the row that gets the focus. */
	async reload({ focus } = {}) {
		const rows = Math.min(Math.max(this.#shown, PAGE_LENGTH), MOST_ROWS);
		this.#shown = 0;
		await this.#next({ rows });
		const row = focus && this.#body.querySelector(`[data-key="${CSS.escape(focus)}"]`);
		if (row) row.focus();
		else if (focus) document.getElementById("outcome").focus();
	}

	/** Loads once more, after the user has signed in again if need be. */
	#again() {
		return withSession(() => this.#next({}, { fails: true })).catch((error) => this.#fail(error));
	}

	async #next({ rows = PAGE_LENGTH, focus = false }, { fails = false } = {}) {
		const request = this.#begin();
		try {
			const page = { limit_start: this.#shown, limit_page_length: rows };
			const answer = await get(this.#source.method, { ...this.#filters, ...page }, request.signal);
			if (request.signal.aborted) return;
			if (somebodyElse(answer.user)) {
				location.reload();
				return;
			}
			this.#show(answer, focus);
		} catch (error) {
			if (request.signal.aborted) return;
			if (fails) throw error;
			this.#fail(error);
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

	#show(answer, focus) {
		const { total, counts } = answer;
		const rows = answer[this.#source.rows].map((row, index) => this.#source.rowOf(row, this.#shown + index));
		if (this.#shown) this.#body.append(...rows);
		else this.#body.replaceChildren(...rows);
		this.#shown += rows.length;
		const isMore = rows.length > 0 && this.#shown < total;
		this.#more.hidden = !isMore;
		this.#table.setAttribute("aria-rowcount", total + 1);
		this.#finish(this.#sentence(total, isMore), { nothing: !total });
		this.#source.shown(counts);
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
