// Retries several failed orders; orders in other states do not change.
frappe.listview_settings["ShipStation Order"] = {
	onload(list) {
		list.page.add_actions_menu_item(__("Retry"), async () => {
			for (const name of list.get_checked_items(true)) {
				await frappe.xcall("run_doc_method", { dt: "ShipStation Order", dn: name, method: "retry" });
			}
			list.refresh();
		});
	},
};
