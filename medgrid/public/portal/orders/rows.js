// Shows an order as a row of the table. Everything is shown as text, never as HTML.

import { language } from "../shared/language.js";
import { element } from "../shared/page.js";
import { group, text } from "../shared/texts.js";
import { timeElement } from "../shared/time.js";

const quantity = new Intl.NumberFormat(language);
const labels = [...document.querySelectorAll(".orders th")].map((head) => head.textContent.trim());

/** The row of an order. `number`: how many rows are above it; `retry(order, button)`: retries it. */
export function rowOf(order, number, retry) {
	const cells = [name(order), state(order), reason(order, retry), parcels(order), note(order)];
	cells.slice(1).forEach((made, index) => (made.dataset.label = labels[index + 1]));
	const made = element("tr", { tabIndex: -1 }, ...cells);
	made.setAttribute("role", "row");
	// The header is row 1.
	made.setAttribute("aria-rowindex", number + 2);
	made.dataset.order = order.sales_order;
	made.dataset.key = order.sales_order;
	made.dataset.state = order.state;
	return made;
}

function name(order) {
	const items = order.items.map((item) => `${quantity.format(item.qty)} × ${item.item_code}`).join(", ");
	const id = order.shipstation_order_id;
	const page = `/portal/order?${new URLSearchParams({ order: order.sales_order })}`;
	return cell(
		element("a", { href: page }, order.sales_order),
		...(id ? [element("small", {}, text("shipstation_order", id))] : []),
		...(items ? [element("small", {}, items)] : []),
	);
}

function state(order) {
	const badge = element("span", { className: "state" }, group("states")[order.state] ?? order.state);
	return cell(badge, ...(order.since ? [element("small", {}, timeElement(order.since))] : []));
}

function reason(order, retry) {
	const sentences = [order.reason, group("acts")[order.who_acts]].filter(Boolean);
	const made = cell(...sentences.map((sentence) => element("p", {}, sentence)));
	if (order.next_attempt_at) {
		made.append(element("small", {}, `${text("next_attempt")} `, timeElement(order.next_attempt_at)));
	}
	if (order.can_retry) {
		const button = element("button", { type: "button", className: "secondary small" }, text("retry"));
		button.setAttribute("aria-label", text("retry_order", order.sales_order));
		button.addEventListener("click", () => retry(order, button));
		made.append(button);
	}
	return made;
}

function parcels(order) {
	return cell(...order.parcels.map(parcel));
}

function parcel({ tracking_number, tracking_url, carrier, service, ship_date, voided }) {
	const link = { href: tracking_url, target: "_blank", rel: "noopener noreferrer" };
	const number = tracking_url && !voided ? element("a", link, tracking_number) : element("span", {}, tracking_number);
	const facts = [carrier, service, ship_date, voided && text("voided")].filter(Boolean).join(" · ");
	return element("p", {}, number, element("small", {}, facts));
}

function note(order) {
	return cell(order.delivery_note ?? "");
}

function cell(...content) {
	const made = element("td", {}, ...content);
	made.setAttribute("role", "cell");
	return made;
}
