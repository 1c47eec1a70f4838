// Shows items as rows of a table. Names and descriptions are always shown as text, never as HTML.

import { language } from "../shared/language.js";
import { element } from "../shared/page.js";
import { text } from "../shared/texts.js";

// The number of rows in a group. The browser lays out a group only when it is near the viewport.
const GROUP = 40;
// A space is inserted before these tags, so that the words before and after them stay apart.
const BLOCK_TAG = /<\/?(?:br|dd|div|dt|h[1-6]|li|ol|p|table|td|th|tr|ul)\b/gi;
const UNSHOWN = /<(script|style)\b[^]*?<\/\1\s*>/gi;
const TAG = /<[/!]?[a-z-][^>]*>/gi;

const money = moneyFormat(document.getElementById("search").dataset.currency);
const quantity = new Intl.NumberFormat(language);
const labels = [...document.querySelectorAll(".items th")].map((head) => head.firstChild.textContent.trim());

/** `<tbody>` elements with a row for each item; `start`: the number of rows that the table has already. */
export function groupsOfRows(items, start) {
	const groups = [];
	for (let first = 0; first < items.length; first += GROUP) {
		const rows = items.slice(first, first + GROUP).map((item, number) => row(item, start + first + number));
		const group = element("tbody", {}, ...rows);
		group.setAttribute("role", "rowgroup");
		groups.push(group);
	}
	return groups;
}

/** Formats prices. Without a symbol if the currency's name is not an ISO 4217 code; sites may use any name. */
function moneyFormat(currency) {
	try {
		return new Intl.NumberFormat(language, { style: "currency", currency });
	} catch {
		return new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
	}
}

function row(item, number) {
	const name = cell(item.item_name, element("span", { className: "code" }, item.item_code));
	const description = cell(element("div", { className: "description" }, plainText(item.description)));
	const warehouse = cell(item.warehouse ?? "");
	warehouse.dataset.column = "warehouse";
	const price = cell(item.rate == null ? text("no_price") : money.format(item.rate));
	const stock = cell(`${quantity.format(item.available_qty)} `, element("small", {}, item.stock_uom));
	[warehouse, price, stock].forEach((made, index) => (made.dataset.label = labels[index + 2]));
	price.className = stock.className = "number";
	const made = element("tr", { tabIndex: -1 }, name, description, warehouse, price, stock);
	made.setAttribute("role", "row");
	// The header is row 1.
	made.setAttribute("aria-rowindex", number + 2);
	return made;
}

function cell(...content) {
	const made = element("td", {}, ...content);
	made.setAttribute("role", "cell");
	return made;
}

/**
 * The text of a description that may contain HTML. The tags are removed first, so the browser then parses only
 * text with entities, which can neither run nor load anything.
 */
function plainText(description) {
	if (!description) return "";
	if (!/[<&]/.test(description)) return description;
	const words = description.replace(UNSHOWN, "").replace(BLOCK_TAG, " $&").replace(TAG, "");
	const parsed = new DOMParser().parseFromString(words.replaceAll("<", "&lt;"), "text/html");
	return parsed.body.textContent.replace(/\s+/g, " ").trim();
}
