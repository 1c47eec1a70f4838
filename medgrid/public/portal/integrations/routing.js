// Which orders go to which of several ShipStation accounts, the store there, and the form for one more account.

import { element, inWords, say, whileBusy } from "../shared/page.js";
import { get, post } from "../shared/rpc.js";
import { withSession } from "../shared/sign_in.js";
import { group, text } from "../shared/texts.js";
import { onSubmit, reject } from "./fields.js";
import { connectAccount } from "./keys.js";

// The card of an account that was connected just now, after the page was loaded again.
const NEW_ACCOUNT = "medgrid-new-account";
// How long somebody who types a name pauses before it is searched for.
const PAUSE_MS = 250;

const formOf = (card, name) => card.root.querySelector(`form[data-form="${name}"]`);
const saveStore = (card) => formOf(card, "store").querySelector('[type="submit"]');
const messageOf = (card) => card.slot("routing_message");

/** Wires the details of a card; `cards` are all of the page. */
export function wireRouting(card, cards) {
	const details = card.slot("routing");
	if (!details) return;
	details.addEventListener("toggle", () => details.open && fill(card));
	searchWhileTyping(card);
	onSubmit(formOf(card, "rule"), (_values, button) =>
		whileBusy(button, messageOf(card), () => addToRule(card, cards)));
	onSubmit(formOf(card, "store"), (_values, button) =>
		whileBusy(button, messageOf(card), () => chooseStore(card)));
	// Until ShipStation has named the stores, there is none to choose.
	saveStore(card).disabled = true;
	showRule(card, cards, ruleOf(card));
	const another = card.slot("another");
	another?.addEventListener("toggle", () => showFormFor(card, another), { once: true });
}

function showFormFor(card, another) {
	another.append(another.querySelector("template").content.cloneNode(true));
	const form = formOf(card, "another");
	onSubmit(form, (values, button) =>
		whileBusy(button, card.slot("another_message"), () => connectAnother(card, form, values)));
}

/** Opens the details of the account that was connected just now: it gets nothing before its rule is set. */
export function welcomeNewAccount(cards) {
	const name = sessionStorage.getItem(NEW_ACCOUNT);
	sessionStorage.removeItem(NEW_ACCOUNT);
	const card = name && cards.find((each) => each.id === "shipstation" && each.account === name);
	if (!card) return;
	card.slot("routing").open = true;
	say(card.message, text("connected", card.label), "good");
	card.focusTitle();
}

/** Shows on all cards which orders go where, because one account's rule decides over the others, too. */
export async function refreshRouting(cards) {
	const { accounts } = await get("medgrid.integrations.list_accounts");
	for (const card of cards.filter((each) => each.slot("routing"))) {
		const of = (entry) => entry.id === card.id && (!card.account || card.account === entry.account);
		const account = accounts.find(of);
		if (!account?.takes) continue;
		card.slot("takes").textContent = group("takes")[account.takes];
		formOf(card, "rule").hidden = account.takes === "all";
		showRule(card, cards, account.rule);
	}
}

/** What the rule is, as the page shows it. */
function ruleOf(card) {
	return [...card.slot("rule").children].map(({ dataset }) => ({ kind: dataset.kind, value: dataset.value }));
}

function showRule(card, cards, rule) {
	const list = card.slot("rule");
	list.replaceChildren(...rule.map((part) => partItem(card, cards, part)));
	list.hidden = !rule.length;
}

function partItem(card, cards, { kind, value }) {
	const words = text("rule_part", group("kinds")[kind], value);
	const remove = element("button", { type: "button", className: "quiet small" }, text("remove"));
	remove.setAttribute("aria-label", text("remove_part", words));
	const item = element("li", {}, element("span", {}, words), remove);
	Object.assign(item.dataset, { kind, value });
	remove.addEventListener("click", () => whileBusy(remove, messageOf(card), async () => {
		await saveRule(card, cards, ruleOf(card).filter((part) => part.kind !== kind || part.value !== value));
		// The button that had the focus is gone.
		messageOf(card).focus();
	}));
	return item;
}

async function addToRule(card, cards) {
	const select = formOf(card, "rule").elements.part;
	const [chosen] = select.selectedOptions;
	if (!select.value) return select.focus();
	const { kind, value } = chosen.dataset;
	const rule = ruleOf(card).filter((part) => part.kind !== kind || part.value !== value);
	await saveRule(card, cards, [...rule, { kind, value }]);
	select.value = "";
}

async function saveRule(card, cards, rule) {
	await post("medgrid.integrations.save_order_rule", { rule, ...card.ofAccount });
	await refreshRouting(cards);
	say(messageOf(card), text("rule_saved"), "good");
}

async function chooseStore(card) {
	const select = formOf(card, "store").elements.store;
	const answer = await post("medgrid.integrations.choose_shipstation_store", { store: select.value, ...card.ofAccount });
	if (answer.ok) say(messageOf(card), text("store_saved"), "good");
	else say(messageOf(card), answer.error, "bad");
}

/** Loads what the selects offer, each time that the details are opened. */
async function fill(card) {
	const message = messageOf(card);
	say(message, text("loading_choices"));
	try {
		await withSession(
			() => Promise.all([fillChoices(card), fillStores(card)]),
			(sentence) => say(message, sentence, sentence ? "bad" : ""),
		);
	} catch (error) {
		say(message, inWords(error), "bad");
	}
}

function searchWhileTyping(card) {
	const { sought } = formOf(card, "rule").elements;
	let pause;
	sought.addEventListener("input", () => {
		clearTimeout(pause);
		pause = setTimeout(() => search(card), PAUSE_MS);
	});
}

async function search(card) {
	const message = messageOf(card);
	try {
		const found = await withSession(
			() => fillChoices(card),
			(sentence) => say(message, sentence, sentence ? "bad" : ""),
		);
		if (found !== null) say(message, found ? text("choices_found", found) : text("no_choices"));
	} catch (error) {
		say(message, inWords(error), "bad");
	}
}

/** Offers what a rule can name, as searched for. Resolves to how much that is; to null if a later search outran it. */
async function fillChoices(card) {
	const { part: select, sought } = formOf(card, "rule").elements;
	const wanted = sought.value.trim();
	const { choices, more } = await get("medgrid.integrations.list_order_rule_choices", wanted ? { query: wanted } : {});
	if (sought.value.trim() !== wanted) return null;
	const groups = Object.entries(group("kinds")).filter(([kind]) => choices[kind].length);
	const made = groups.map(([kind, label]) => {
		const options = choices[kind].map((value) => {
			const option = element("option", { value: `${kind}:${value}` }, value);
			Object.assign(option.dataset, { kind, value });
			return option;
		});
		return element("optgroup", { label }, ...options);
	});
	select.replaceChildren(select.options[0], ...made);
	card.slot("more_choices").textContent = more ? text("more_choices") : "";
	return select.options.length - 1;
}

async function fillStores(card) {
	const select = formOf(card, "store").elements.store;
	const answer = await get("medgrid.integrations.list_shipstation_stores", card.ofAccount);
	if (!answer.ok) return say(messageOf(card), answer.error, "bad");
	const options = answer.stores.map(({ id, name, marketplace }) =>
		element("option", { value: id }, marketplace ? text("store_name", name, marketplace) : name));
	select.replaceChildren(select.options[0], ...options);
	select.value = answer.chosen ?? "";
	// A store that is gone, or switched off in ShipStation.
	if (select.selectedIndex < 0) select.selectedIndex = 0;
	saveStore(card).disabled = false;
	say(messageOf(card), "");
}

async function connectAnother(card, form, values) {
	const { accounts } = await get("medgrid.integrations.list_accounts");
	const isKnown = ({ id, account, status }) =>
		id === card.id && account.toLowerCase() === values.account.toLowerCase() && status !== "not_connected";
	if (accounts.some(isKnown)) return reject(form.elements.account, text("account_taken"));
	const message = card.slot("another_message");
	if (!(await connectAccount(card, form, values, message))) return;
	sessionStorage.setItem(NEW_ACCOUNT, values.account);
	location.reload();
}
