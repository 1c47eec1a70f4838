// The functions that the forms and lists of the tax connector share. As in exoceuticals.js, they are properties of
// an object, because Frappe runs this file inside a function.

frappe.provide("medgrid.desk.vertex");

/** Adds a button to the group "Vertex". */
medgrid.desk.vertex.add_button = function (frm, label, action) {
	frm.add_custom_button(label, action, __("Vertex"));
};

/**
 * Sends an operation of the second contract. It takes JSON only, its failures have a shape that `frappe.call` does
 * not know, and a 401 may be Vertex', where `frappe.call` would ask the user to sign in.
 * @param {string} operation its name in `medgrid.vertex`.
 * @param {Object} args its members.
 * @returns {Promise} `{ message }`, or `{ problem }`: a sentence.
 */
medgrid.desk.vertex.send = async function (operation, args) {
	try {
		const response = await fetch(`/api/method/medgrid.vertex.${operation}`, {
			method: "POST",
			headers: {
				Accept: "application/json",
				"Content-Type": "application/json",
				"X-Frappe-CSRF-Token": frappe.csrf_token,
			},
			body: JSON.stringify(args),
		});
		const body = await response.json();
		if (response.ok) return { message: body.message };
		return { problem: body.detail || __("MedGrid answered with the status {0}.", [response.status]) };
	} catch (error) {
		return { problem: __("MedGrid cannot be reached. Check your connection, then try again.") };
	}
};

/**
 * Sends an operation while the page is frozen, and shows what is wrong if it fails.
 * @param {string} waiting the text that the user sees meanwhile.
 * @returns {Promise} the message of the answer; null if it failed.
 */
medgrid.desk.vertex.call = async function (operation, args, waiting) {
	frappe.dom.freeze(waiting);
	const { message, problem } = await medgrid.desk.vertex.send(operation, args);
	frappe.dom.unfreeze();
	if (problem) medgrid.desk.vertex.show("red", [problem]);
	return problem ? null : message;
};

/**
 * Shows sentences, escaped.
 * @param {string} indicator "green", "orange" or "red".
 */
medgrid.desk.vertex.show = function (indicator, sentences) {
	const rows = sentences.map((sentence) => `<p>${frappe.utils.escape_html(sentence)}</p>`);
	frappe.msgprint({ title: __("Vertex"), indicator, message: rows.join(""), clear: true });
};

/**
 * Does something with each chosen document of a list, one after the other, and shows a sentence about each.
 * @param {Function} work returns a promise of `{ message }` or `{ problem }`.
 * @param {Function} describe makes a sentence of a document and the message of its answer.
 */
medgrid.desk.vertex.each = async function (list, documents, work, describe) {
	const sentences = [];
	let failed = false;
	frappe.dom.freeze(__("Please wait …"));
	for (const doc of documents) {
		const { message, problem } = await work(doc);
		failed = failed || Boolean(problem);
		sentences.push(problem ? `${doc.title || doc.name}: ${problem}` : describe(doc, message));
	}
	frappe.dom.unfreeze();
	medgrid.desk.vertex.show(failed ? "orange" : "green", sentences);
	list.clear_checked_items();
	list.refresh();
};
