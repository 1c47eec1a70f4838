// Contact Message: the action that releases held messages.
// The code is in a function, because Frappe puts the scripts of all lists into one scope. The call before it
// ends a script that comes first and has no semicolon at its end.

frappe.provide("medgrid.desk");

(() => {
	frappe.listview_settings["Contact Message"] = {
		add_fields: ["held"],

		get_indicator(doc) {
			return doc.held ? [__("Held"), "orange", "held,=,1"] : [__("Waiting"), "blue", "held,=,0"];
		},

		onload(list) {
			if (!frappe.user.has_role("System Manager")) return;
			list.page.add_actions_menu_item(__("Release"), () => release(list), false);
		},
	};

	async function release(list) {
		const held = list.get_checked_items().filter((doc) => doc.held);
		if (!held.length) {
			frappe.msgprint(__("None of the chosen messages is held."));
			return;
		}
		const names = held.map((doc) => doc.name);
		const { released } = await frappe.xcall("medgrid.contact_api.release_contact_messages", { names });
		frappe.show_alert({ message: __("{0} messages are released.", [released]), indicator: "green" });
		list.clear_checked_items();
		list.refresh();
	}
})();
