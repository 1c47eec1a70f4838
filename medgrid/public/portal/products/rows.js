// Shows a variant as a row of the table. Everything is shown as text, never as HTML.

import { language } from "../shared/language.js";
import { element } from "../shared/page.js";
import { group } from "../shared/texts.js";

const quantity = new Intl.NumberFormat(language);
const labels = [...document.querySelectorAll(".products th")].map((head) => head.textContent.trim());

/** The row of a variant. `number`: how many rows are above it. */
export function rowOf(product, number) {
	const cells = [name(product), state(product), cell(product.reason ?? ""), item(product), price(product), stock(product)];
	cells.slice(1).forEach((made, index) => (made.dataset.label = labels[index + 1]));
	const made = element("tr", { tabIndex: -1 }, ...cells);
	made.setAttribute("role", "row");
	// The header is row 1.
	made.setAttribute("aria-rowindex", number + 2);
	made.dataset.state = product.state;
	return made;
}

function name({ product, variant, sku }) {
	return cell(product, ...small(variant), ...small(sku));
}

function state(product) {
	const badge = element("span", { className: "state" }, group("product_states")[product.state] ?? product.state);
	return cell(badge, ...small(group("shop_states")[product.shop_status]));
}

function item(product) {
	return product.item ? cell(product.item, ...small(product.item_name)) : cell();
}

function price({ price: amount, currency }) {
	if (amount === null) return cell();
	const style = currency ? { style: "currency", currency } : { minimumFractionDigits: 2 };
	return cell(new Intl.NumberFormat(language, style).format(amount));
}

function stock(product) {
	return cell(quantity.format(product.available_qty));
}

function small(text) {
	return text ? [element("small", {}, text)] : [];
}

function cell(...content) {
	const made = element("td", {}, ...content);
	made.setAttribute("role", "cell");
	return made;
}
