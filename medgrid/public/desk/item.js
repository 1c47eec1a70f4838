// Item: its link to the Exoceuticals store.

frappe.provide("medgrid.desk");

frappe.ui.form.on("Item", {
	onload(frm) {
		medgrid.desk.show_in_utc(frm, "exoceuticals_last_synced");
	},
});
