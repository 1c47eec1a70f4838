// Contact Message: the button that releases a held message.

frappe.ui.form.on("Contact Message", {
	refresh(frm) {
		if (!frm.doc.held || !frappe.user.has_role("System Manager")) return;
		frm.add_custom_button(__("Release"), async () => {
			const names = [frm.doc.name];
			await frappe.xcall("medgrid.contact_api.release_contact_messages", { names });
			frappe.show_alert({ message: __("The message is released."), indicator: "green" });
			// A job deletes it as soon as its Lead has it.
			frappe.set_route("List", "Contact Message");
		});
	},
});
