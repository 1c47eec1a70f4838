// The list of Exoceuticals Unmatched Variant: decisions about many variants at once.

frappe.provide("medgrid.desk.variants");

frappe.listview_settings["Exoceuticals Unmatched Variant"] = {
	get_indicator(doc) {
		const colors = { Open: "orange", Closed: "gray", Linked: "green", Ignored: "gray" };
		return [__(doc.status), colors[doc.status] || "gray", `status,=,${doc.status}`];
	},

	onload(list) {
		const { decide, may_decide, link, create } = medgrid.desk.variants;
		if (!may_decide()) return;
		const names = () => list.get_checked_items(true);
		const done = () => list.refresh();
		const add = (label, action) => list.page.add_actions_menu_item(label, action, false);
		add(__("Link"), () => link(names(), list.get_checked_items()[0]?.similar_item, done));
		add(__("Create Item"), () => create(names(), done));
		add(__("Ignore"), async () => (await decide("ignore_variants", names())) && done());
		add(__("Reopen"), async () => (await decide("reopen_variants", names())) && done());
	},
};
