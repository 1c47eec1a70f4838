// The list of items, loaded page by page while the user scrolls. Responses to outdated requests are ignored.

import { language } from "../shared/language.js";
import { inWords } from "../shared/page.js";
import { get } from "../shared/rpc.js";
import { withSession } from "../shared/sign_in.js";
import { text } from "../shared/texts.js";
import { groupsOfRows } from "./rows.js";

const PAGE_LENGTH = 200;
// Load the next page when the end of the list is this near.
const NEAR = "1500px";

export class ItemList {
	#frame = document.querySelector(".items");
	#table = document.querySelector(".items table");
	#count = document.getElementById("count");
	#failure = document.getElementById("failure");
	#nothing = document.getElementById("nothing");
	#more = document.querySelector('[data-action="more"]');
	#filters = { warehouse: "", query: "" };
	#request = new AbortController();
	#shown = 0;
	#watcher;

	constructor() {
		this.#more.addEventListener("click", () => this.#next({ focus: true }));
		document.querySelector('[data-action="again"]').addEventListener("click", () => this.#again());
		this.#watcher = new IntersectionObserver((entries) => {
			if (entries.some((entry) => entry.isIntersecting) && !this.#more.hidden) this.#next({});
		}, { rootMargin: NEAR });
	}

	/** Shows the list for another warehouse or search, and aborts the current request. */
	show(filters) {
		this.#filters = filters;
		this.#shown = 0;
		this.#request.abort();
		if (!filters.warehouse && !filters.query) {
			this.#replace([]);
			this.#offerMore(false);
			this.#table.setAttribute("aria-rowcount", 1);
			this.#finish(text("type_to_search"), { nothing: true });
			return;
		}
		this.#next({ first: true });
	}

	/** Loads once more, after the user has signed in again if need be. */
	#again() {
		return withSession(() => this.#next({ fails: true })).catch((error) => this.#fail(error));
	}

	async #next({ first = this.#shown === 0, focus = false, fails = false }) {
		const request = this.#begin();
		try {
			const items = await this.#fetchPage(request.signal);
			if (request.signal.aborted) return;
			this.#frame.dataset.warehouse = this.#filters.warehouse ? "one" : "all";
			const groups = groupsOfRows(items, this.#shown);
			if (first) this.#replace(groups);
			else this.#table.append(...groups);
			this.#shown += items.length;
			this.#report(items.length === PAGE_LENGTH);
			if (focus) groups[0]?.rows[0].focus();
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
		if (!this.#shown) this.#count.textContent = text("loading");
		this.#failure.hidden = true;
		this.#more.hidden = true;
		return this.#request;
	}

	#fetchPage(signal) {
		const { warehouse, query } = this.#filters;
		const page = { limit_start: this.#shown, limit_page_length: PAGE_LENGTH };
		if (!query) return get("medgrid.catalog.items_in_warehouse", { warehouse, ...page }, signal);
		return get("medgrid.catalog.search_items", { query, ...(warehouse && { warehouse }), ...page }, signal);
	}

	#replace(groups) {
		for (const body of [...this.#table.tBodies]) body.remove();
		this.#table.append(...groups);
	}

	#report(more) {
		this.#offerMore(more);
		if (!this.#shown) {
			const { query } = this.#filters;
			this.#finish(query ? text("nothing_found", query) : text("nothing_here"), { nothing: true });
			return;
		}
		const key = more ? "shown" : this.#shown === 1 ? "one_shown" : "all_shown";
		this.#table.setAttribute("aria-rowcount", more ? -1 : this.#shown + 1);
		this.#finish(text(key, this.#shown.toLocaleString(language)));
	}

	#offerMore(more) {
		this.#more.hidden = !more;
		// Observe again: the observer reports only changes, but the end of the list may still be near.
		this.#watcher.disconnect();
		if (more) this.#watcher.observe(this.#more);
	}

	#finish(sentence, { nothing = false } = {}) {
		this.#frame.setAttribute("aria-busy", "false");
		this.#frame.querySelector(".skeleton").hidden = true;
		this.#count.textContent = sentence;
		this.#nothing.textContent = nothing ? sentence : "";
		this.#nothing.hidden = !nothing;
		this.#failure.hidden = true;
	}

	#fail(error) {
		if (!this.#shown) this.#replace([]);
		this.#finish("");
		this.#failure.querySelector("p").textContent = inWords(error);
		this.#failure.hidden = false;
	}
}
