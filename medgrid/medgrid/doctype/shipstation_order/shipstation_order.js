// A failed order is sent again by the vendor's next sync.
frappe.ui.form.on("ShipStation Order", {
	refresh(frm) {
		if (frm.doc.status !== "Failed") return;
		frm.add_custom_button(__("Retry"), async () => {
			await frm.call("retry");
			frm.reload_doc();
		});
	},
});
