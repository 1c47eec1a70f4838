// Vertex Tax Document: says why it is not booked, and has it sent again.

frappe.provide("medgrid.desk.vertex");

(() => {
	const RETRYABLE = ["Pending", "Failed"];
	const COLORS = { Failed: "red", "In Doubt": "orange", Pending: "blue" };

	frappe.ui.form.on("Vertex Tax Document", {
		refresh(frm) {
			const { status, error, redaction, mismatch } = frm.doc;
			if (error && COLORS[status]) frm.set_intro(frappe.utils.escape_html(error), COLORS[status]);
			if (mismatch) {
				frm.set_intro(
					__("Vertex booked another tax than the document says. An accountant must compare them."),
					"orange"
				);
			}
			const may_retry = ["System Manager", "Accounts Manager"].some((role) => frappe.user.has_role(role));
			if (may_retry && RETRYABLE.includes(status) && redaction !== "Done") {
				medgrid.desk.vertex.add_button(frm, __("Retry"), () => retry(frm));
			}
		},
	});

	async function retry(frm) {
		const args = { doctype: "Vertex Tax Document", name: frm.doc.name };
		const queued = await medgrid.desk.vertex.call("retry_document", args, __("Sending it again …"));
		if (queued) frappe.show_alert({ message: __("Vertex is asked to book it."), indicator: "green" });
		await frm.reload_doc();
	}
})();
