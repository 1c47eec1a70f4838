// Integration Issue: the list shows open ones first, and who has to act on each.
frappe.listview_settings["Integration Issue"] = {
	add_fields: ["who_acts", "settled_at"],
	filters: [["settled_at", "is", "not set"]],

	get_indicator(doc) {
		if (doc.settled_at) return [__("Settled"), "gray", "settled_at,is,set"];
		const colors = { Vendor: "blue", Wholesaler: "orange", Administrator: "red", Nobody: "gray" };
		const words = {
			Vendor: __("Vendor acts"),
			Wholesaler: __("Wholesaler acts"),
			Administrator: __("Administrator acts"),
			Nobody: __("Nobody has to act"),
		};
		const filter = `who_acts,=,${doc.who_acts}|settled_at,is,not set`;
		return [words[doc.who_acts] || __(doc.who_acts), colors[doc.who_acts] || "gray", filter];
	},
};
