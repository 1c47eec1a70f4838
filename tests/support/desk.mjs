// Desk, as far as MedGrid's form scripts know it. Plays what the test asks on stdin, and says on stdout what
// somebody would have seen: buttons, dialogs, calls.

import { readFileSync } from "node:fs";

const asked = JSON.parse(readFileSync(0, "utf8"));
const seen = { buttons: [], calls: [], dialogs: [], alerts: [], confirmed: [], tabs: [], routes: [], reloads: 0 };
Object.assign(seen, { frozen: [], intros: [], queries: {}, prompts: [], sections: [], panels: [] });
const NO_PANEL = { status: 200, body: { message: { vendors: [], store: [], connections: [] } } };
const handlers = {};

globalThis.window = globalThis;
globalThis.__ = (text, values = []) => text.replace(/\{(\d)\}/g, (_all, index) => values[index]);
window.open = () => {
	if (asked.pop_ups_blocked) return null;
	const tab = { url: null, closed: false, opener: window };
	tab.location = { replace: (url) => (tab.url = url) };
	tab.close = () => (tab.closed = true);
	seen.tabs.push(tab);
	return tab;
};

// The operations of the second contract; `asked.answers` has them by name.
globalThis.fetch = async (url, { method, headers, body }) => {
	const operation = url.split("medgrid.vertex.")[1];
	seen.calls.push([method, operation, JSON.parse(body)]);
	seen.headers = headers;
	const answer = asked.answers[operation];
	if (!answer) throw new TypeError("Failed to fetch");
	return { ok: answer.status < 400, status: answer.status, json: async () => answer.body };
};

globalThis.frappe = {
	provide: (name) => name.split(".").reduce((parent, part) => (parent[part] ??= {}), window),
	// Several scripts may listen to one form; all of them are called.
	ui: { form: { on: (doctype, events) => (handlers[doctype] ??= []).push(events) } },
	user: { has_role: (role) => asked.roles.includes(role) },
	utils: {
		escape_html: (text) => String(text ?? "").replace(/&/g, "&amp;").replace(/</g, "&lt;"),
		// As in Frappe 15; in Frappe 16 the path begins with /desk.
		get_form_link: (doctype, name) =>
			`/app/${doctype.toLowerCase().replaceAll(" ", "-")}/${encodeURIComponent(name)}`,
	},
	confirm: (text, yes) => (seen.confirmed.push(text), yes()),
	// What the test types in.
	prompt: (fields, done) => {
		seen.prompts.push(fields.map((field) => [field.fieldname, field.default ?? null]));
		if (asked.typed) done(asked.typed);
	},
	show_alert: (alert) => seen.alerts.push(alert.message),
	// With `clear`, what was in the dialog goes.
	msgprint: (given) => {
		if (given.clear) seen.dialogs.length = 0;
		seen.dialogs.push(given.message ?? given);
	},
	listview_settings: {},
	meta: { get_docfield: () => ({}) },
	csrf_token: "token-of-the-session",
	dom: { freeze: (text) => seen.frozen.push(text), unfreeze: () => seen.frozen.push(null) },
	set_route: (...route) => seen.routes.push(route),
	xcall: async (method, args) => (seen.calls.push(["POST", method, args]), asked.answer.body.message),
	call: (options) => {
		// The panel of a form is read whenever it is opened.
		const is_panel = options.method === "medgrid.integrations.vendors_and_store";
		(is_panel ? seen.panels : seen.calls).push([options.type, options.method, options.args ?? {}]);
		const { status, body } = (is_panel ? asked.panel ?? NO_PANEL : asked.answer) ?? { status: 200, body: {} };
		// The order of `frappe.request.call`.
		if (status === 200) options.callback(body);
		const messages = JSON.parse(body?._server_messages ?? "[]");
		if (!options.silent) messages.forEach(({ message }) => frappe.msgprint(message));
		options.always?.(body);
		if (status === 404) frappe.msgprint("The resource you are looking for is not available");
		if (status !== 200) options.error?.({ status });
	},
};

const scripts = asked.files.map((file) => readFileSync(file, "utf8"));
// As the form does, with all scripts in one function; another app's may come first.
new Function(["function send() {}\nlet test = 1", ...scripts].join("\n\n"))();

const frm = {
	doctype: asked.doctype,
	doc: { doctype: asked.doctype, ...asked.doc },
	fields_dict: asked.fields ?? {},
	is_dirty: () => Boolean(asked.dirty),
	is_new: () => Boolean(asked.is_new),
	dashboard: {
		add_section: (html, title) => seen.sections.push([title, html]),
		show: () => {},
	},
	set_intro: (text, color) => seen.intros.push([text, color]),
	set_query: (field, filters) => (seen.queries[field] = filters()),
	reload_doc: () => (seen.reloads += 1),
	add_custom_button: (label, action, group) => seen.buttons.push({ label, action, group }),
};
const list = {
	page: { add_actions_menu_item: (label, action) => seen.buttons.push({ label, action }) },
	get_checked_items: (names) => (names ? asked.checked.map((doc) => doc.name) : asked.checked),
	clear_checked_items: () => (asked.checked = []),
	refresh: () => (seen.reloads += 1),
};
if (asked.checked) {
	const settings = frappe.listview_settings[asked.doctype];
	seen.indicators = asked.checked.map((doc) => settings.get_indicator?.(doc)[0]);
	settings.onload?.(list);
} else {
	for (const [name, field] of Object.entries(frm.fields_dict)) {
		field.$wrapper = { html: (text) => (seen[name] = text), find: () => ({ on: () => {} }) };
	}
	for (const event of ["setup", "onload", "refresh"]) {
		for (const events of handlers[asked.doctype]) events[event]?.(frm);
	}
}
// What a form reads when it is opened.
await new Promise((resolve) => setTimeout(resolve, 0));
if (asked.press) {
	seen.buttons.find((button) => button.label === asked.press).action();
	await new Promise((resolve) => setTimeout(resolve, 20));
}
for (const tab of seen.tabs) {
	tab.is_cut_off = tab.opener === null;
	delete tab.opener;
}
console.log(JSON.stringify(seen));
