// Vertex Data Volume: shows its time in UTC.

frappe.provide("medgrid.desk");

frappe.ui.form.on("Vertex Data Volume", {
	onload(frm) {
		medgrid.desk.show_in_utc(frm, "date_created");
	},
});
