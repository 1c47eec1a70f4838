// The functions that MedGrid's form buttons in Desk share. Frappe runs this file inside a function, once for each
// form that the hooks name. So it has no imports and exports; its functions are properties of `medgrid.desk`.

frappe.provide("medgrid.desk");

/** Adds a button to the group "Exoceuticals". */
medgrid.desk.add_button = function (frm, label, action) {
	frm.add_custom_button(label, action, __("Exoceuticals"));
};

/**
 * Calls an RPC, and shows the error if it fails.
 * @param {string} type "GET" or "POST".
 * @param {string} method its name in `medgrid.exoceuticals`, or its whole name.
 * @param {Object} args its arguments.
 * @param {string} waiting the text that the user sees during the call.
 * @returns {Promise} the result of the RPC; null if it failed.
 */
medgrid.desk.call = function (type, method, args, waiting) {
	return new Promise((resolve) => {
		frappe.call({
			type,
			method: method.includes(".") ? method : `medgrid.exoceuticals.${method}`,
			args,
			freeze: true,
			freeze_message: waiting,
			// Frappe would show the sentence unescaped, and with a 404 it would add another message.
			silent: true,
			callback: (response) => resolve(response.message),
			error(request) {
				if (request && request.status === 0) {
					const sentence = __("MedGrid cannot be reached. Check your connection, then try again.");
					medgrid.desk.show_error(sentence);
				}
			},
			always(response) {
				medgrid.desk.show_failure(response);
				resolve(null);
			},
		});
	});
};

/** Shows the sentence of MedGrid's error body; Frappe shows other errors itself. */
medgrid.desk.show_failure = function (response) {
	const is_error = response && response.exc_type && response.exception;
	// For an AuthenticationError Frappe shows the sign-in dialog.
	if (!is_error || response.exc_type === "AuthenticationError") return;
	// Remove the class in front: "frappe.exceptions.ValidationError: The sentence."
	const sentence = response.exception.replace(/^[\w.]+: /, "");
	// Run after Frappe's handlers of the status, so that this clears their message.
	setTimeout(() => medgrid.desk.show_error(sentence), 0);
};

/** Shows an error sentence, escaped, in place of other messages. */
medgrid.desk.show_error = function (sentence) {
	frappe.msgprint({
		title: __("MedGrid"),
		message: frappe.utils.escape_html(sentence),
		indicator: "red",
		clear: true,
	});
};

/**
 * Opens a URL in a new tab.
 * @param {Function} find_url returns a promise of the URL, or of null.
 */
medgrid.desk.open_tab = async function (find_url) {
	// Open the tab before the request: browsers block tabs that do not open at the click.
	const tab = window.open("", "_blank");
	if (tab) tab.opener = null;
	const url = await find_url();
	if (tab && url) tab.location.replace(url);
	else if (tab) tab.close();
	else if (url) medgrid.desk.offer_link(url);
};

/** Shows a URL as a link, for browsers that block new tabs. */
medgrid.desk.offer_link = function (url) {
	const address = frappe.utils.escape_html(url);
	frappe.msgprint({
		title: __("Exoceuticals"),
		message: `<p><a href="${address}" target="_blank" rel="noopener noreferrer">${address}</a></p>`,
		clear: true,
	});
};

/** Returns a `<ul>` of the texts, escaped; an empty string if there are none. */
medgrid.desk.list_of = function (texts) {
	const rows = texts.map((text) => `<li>${frappe.utils.escape_html(text)}</li>`);
	return rows.length ? `<ul>${rows.join("")}</ul>` : "";
};
