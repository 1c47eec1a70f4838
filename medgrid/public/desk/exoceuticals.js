// What MedGrid's form buttons in Desk share. Frappe runs it inside a function, once for each form that hooks name
// it for: no imports and exports, everything hangs on `medgrid.desk`.

frappe.provide("medgrid.desk");

/** A button of the group "Exoceuticals". */
medgrid.desk.add_button = function (frm, label, action) {
	frm.add_custom_button(label, action, __("Exoceuticals"));
};

/**
 * Calls an RPC of the store. What goes wrong is told here, once.
 * @param {string} type "GET" or "POST".
 * @param {string} method its name in `medgrid.exoceuticals`.
 * @param {string} waiting what the reader sees meanwhile.
 * @returns {Promise} what it returned; null if it failed.
 */
medgrid.desk.call = function (type, method, args, waiting) {
	return new Promise((resolve) => {
		frappe.call({
			type,
			method: `medgrid.exoceuticals.${method}`,
			args,
			freeze: true,
			freeze_message: waiting,
			// Frappe would show the sentence unescaped and, with a 404, beside one of its own.
			silent: true,
			callback: (answer) => resolve(answer.message),
			error(request) {
				if (request && request.status === 0) {
					const sentence = __("MedGrid cannot be reached. Check your connection, then try again.");
					medgrid.desk.tell_error(sentence);
				}
			},
			always(answer) {
				medgrid.desk.tell_failure(answer);
				resolve(null);
			},
		});
	});
};

/** Shows the sentence of MedGrid's error body; anything else Frappe tells itself. */
medgrid.desk.tell_failure = function (answer) {
	const is_error = answer && answer.exc_type && answer.exception;
	// Frappe asks to sign in again.
	if (!is_error || answer.exc_type === "AuthenticationError") return;
	// The class comes first: "frappe.exceptions.ValidationError: It says why."
	const sentence = answer.exception.replace(/^[\w.]+: /, "");
	// After Frappe's handlers of the status, so that what they show is cleared.
	setTimeout(() => medgrid.desk.tell_error(sentence), 0);
};

medgrid.desk.tell_error = function (sentence) {
	frappe.msgprint({
		title: __("Exoceuticals"),
		message: frappe.utils.escape_html(sentence),
		indicator: "red",
		clear: true,
	});
};

/**
 * Opens an address in a new tab.
 * @param {Function} ask promises the address, or null.
 */
medgrid.desk.open_tab = async function (ask) {
	// At the click: later, browsers take it for a pop-up.
	const tab = window.open("", "_blank");
	if (tab) tab.opener = null;
	const url = await ask();
	if (tab && url) tab.location.replace(url);
	else if (tab) tab.close();
	else if (url) medgrid.desk.offer_link(url);
};

/** For browsers that block new tabs. */
medgrid.desk.offer_link = function (url) {
	const address = frappe.utils.escape_html(url);
	frappe.msgprint({
		title: __("Exoceuticals"),
		message: `<p><a href="${address}" target="_blank" rel="noopener noreferrer">${address}</a></p>`,
		clear: true,
	});
};

/**
 * Shows a time that is stored in UTC as it is stored, as its label says. Desk takes every Datetime for one of the
 * site's time zone, names that zone below it, and converts it to the reader's. To be called when a form is loaded.
 */
medgrid.desk.show_in_utc = function (frm, fieldname) {
	for (const name of [undefined, frm.doc.name]) {
		const field = frappe.meta.get_docfield(frm.doctype, fieldname, name);
		field.hide_timezone = 1;
		// The zone, if the form was drawn before.
		field.description = "";
		field.formatter = (value) => (value ? medgrid.desk.unconverted(value) : "");
	}
};

/** A stored time as the reader writes times. Frappe converts what has both, date and time. */
medgrid.desk.unconverted = function (value) {
	const [date, time] = value.split(" ");
	return `${frappe.datetime.str_to_user(date)} ${frappe.datetime.str_to_user(time, true)}`;
};

/** `<ul>` of texts, escaped; nothing if there are none. */
medgrid.desk.list_of = function (texts) {
	const rows = texts.map((text) => `<li>${frappe.utils.escape_html(text)}</li>`);
	return rows.length ? `<ul>${rows.join("")}</ul>` : "";
};
