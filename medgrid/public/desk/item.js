// Item: shows the time of the last sync with the Exoceuticals store in UTC.

frappe.provide("medgrid.desk");

frappe.ui.form.on("Item", {
	onload(frm) {
		medgrid.desk.show_in_utc(frm, "exoceuticals_last_synced");
	},
});
