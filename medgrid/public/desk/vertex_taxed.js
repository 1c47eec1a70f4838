// Quotation, Sales Order, Sales Invoice: says what is wrong with the sales tax from Vertex, has Vertex asked again, and
// has an invoice booked that is not.

frappe.provide("medgrid.desk.vertex");

(() => {
	const NOT_BOOKED = ["Pending", "Failed", "Reversal Pending"];
	const COLORS = { Failed: "red", "In Doubt": "orange", "Out of Date": "orange" };

	const events = {
		refresh(frm) {
			const { vertex_status: status, vertex_error: error, docstatus } = frm.doc;
			if (!status || frm.is_new()) return;
			if (error) frm.set_intro(frappe.utils.escape_html(error), COLORS[status] || "orange");
			if (docstatus === 0) {
				medgrid.desk.vertex.add_button(frm, __("Calculate Tax Again"), () => quote(frm));
			}
			if (frm.doctype !== "Sales Invoice") return;
			const may_retry = ["System Manager", "Accounts Manager"].some((role) => frappe.user.has_role(role));
			if (may_retry && docstatus > 0 && NOT_BOOKED.includes(status)) {
				medgrid.desk.vertex.add_button(frm, __("Book Now"), () => book(frm));
			}
			if (docstatus > 0) {
				medgrid.desk.vertex.add_button(frm, __("Bookings"), () => {
					frappe.set_route("List", "Vertex Tax Document", { reference_name: frm.doc.name });
				});
			}
		},
	};
	["Quotation", "Sales Order", "Sales Invoice"].forEach((doctype) => frappe.ui.form.on(doctype, events));

	async function quote(frm) {
		if (frm.is_dirty()) {
			frappe.msgprint(__("Save or discard your changes first."));
			return;
		}
		const quoted = await send(frm, "quote_document", __("Asking Vertex …"));
		if (!quoted) return;
		const is_quoted = quoted.status === "Quoted";
		frappe.show_alert({
			message: is_quoted ? __("Vertex has calculated the tax.") : __("Vertex could not be asked."),
			indicator: is_quoted ? "green" : "orange",
		});
	}

	async function book(frm) {
		const queued = await send(frm, "retry_document", __("Sending it again …"));
		if (queued) frappe.show_alert({ message: __("Vertex is asked to book it."), indicator: "green" });
	}

	async function send(frm, operation, waiting) {
		const args = { doctype: frm.doctype, name: frm.doc.name };
		const message = await medgrid.desk.vertex.call(operation, args, waiting);
		await frm.reload_doc();
		return message;
	}
})();
