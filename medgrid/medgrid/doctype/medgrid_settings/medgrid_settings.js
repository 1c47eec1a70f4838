frappe.ui.form.on("Medgrid Settings", {
	setup(frm) {
		frm.set_query("warehouse", "warehouse_priority", () => ({
			filters: { is_group: 0, disabled: 0 },
		}));
	},
});
