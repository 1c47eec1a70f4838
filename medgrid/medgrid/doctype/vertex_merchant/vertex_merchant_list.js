// Vertex Merchant: which ones work, and the action that tests the chosen ones.
// The code is in a function, because Frappe puts the scripts of all lists into one scope. The call before it
// ends a script that comes first and has no semicolon at its end.

frappe.provide("medgrid.desk.vertex");

(() => {
	const COLORS = { Complete: "green", Incomplete: "orange", Failed: "red", Uninstalled: "gray" };

	frappe.listview_settings["Vertex Merchant"] = {
		add_fields: ["status", "enabled", "shop", "company"],

		get_indicator(doc) {
			if (!doc.enabled) return [__("Disabled"), "gray", "enabled,=,0"];
			return [__(doc.status), COLORS[doc.status] || "gray", `status,=,${doc.status}`];
		},

		onload(list) {
			list.page.add_actions_menu_item(__("Test"), () => test(list), false);
		},
	};

	async function test(list) {
		const chosen = list
			.get_checked_items()
			.filter((doc) => doc.status !== "Uninstalled")
			.map((doc) => ({ ...doc, title: doc.shop || doc.company }));
		if (!chosen.length) {
			medgrid.desk.vertex.show("orange", [__("Choose merchants whose app is installed, then test them.")]);
			return;
		}
		await medgrid.desk.vertex.each(
			list,
			chosen,
			(doc) => medgrid.desk.vertex.send("test_merchant", { merchant: doc.name }),
			(doc) => __("{0}: Vertex accepts the credentials.", [doc.title])
		);
	}
})();
