// System Settings: buttons to connect the Exoceuticals store, test the connection, sync and register webhooks.
// The code is in a function, because Frappe puts the scripts of all apps for a form into one scope.

frappe.provide("medgrid.desk");

(() => {
	frappe.ui.form.on("System Settings", {
		refresh(frm) {
			// MedGrid's fixtures create the fields; until then there is nothing to configure.
			if (!frm.fields_dict.exoceuticals_shop_domain) return;
			medgrid.desk.add_button(frm, __("Install"), install);
			medgrid.desk.add_button(frm, __("Test"), test);
			medgrid.desk.add_button(frm, __("Sync catalog"), sync_catalog);
			medgrid.desk.add_button(frm, __("Sync inventory"), sync_inventory);
			medgrid.desk.add_button(frm, __("Register webhooks"), register_webhooks);
		},
	});

	function install() {
		medgrid.desk.open_tab(async () => {
			const install = await medgrid.desk.call("GET", "oauth_install_url");
			return install && install.install_url;
		});
	}

	async function test() {
		const health = await medgrid.desk.call("GET", "health", {}, __("Testing the connection …"));
		if (!health) return;
		const [sentence, indicator] = verdict(health.status);
		const facts = [
			health.shop ? __("Shop: {0}", [health.shop]) : __("Shop: not set"),
			health.token_works ? __("Access token: works") : __("Access token: does not work"),
			...Object.entries(health.runs).map(last_run),
			__("Webhooks in {0} days: {1}, failed: {2}", [
				health.events.days,
				health.events.received,
				health.events.failed,
			]),
		];
		show(indicator, [
			`<p><b>${sentence}</b></p>`,
			medgrid.desk.list_of(health.problems),
			`<p>${__("Details:")}</p>`,
			medgrid.desk.list_of(facts),
		]);
	}

	function verdict(status) {
		return (
			{
				ok: [__("The link to the store works."), "green"],
				attention: [__("The link to the store needs attention."), "orange"],
				not_configured: [__("The store is not connected yet."), "red"],
			}[status] || [frappe.utils.escape_html(status), "orange"]
		);
	}

	function last_run([kind, run]) {
		if (!run) return __("Last run of {0}: never", [kind]);
		return __("Last run of {0}: {1}, {2} UTC", [kind, run.status, run.finished || run.started]);
	}

	async function sync_catalog() {
		const result = await medgrid.desk.call("POST", "sync_catalog", {}, __("Syncing the catalog …"));
		if (!result) return;
		show_sync(result, [
			__("Variants linked to Items: {0}", [result.matched ?? 0]),
			__("Variants without an Item: {0}", [result.unmatched_count ?? 0]),
		]);
	}

	async function sync_inventory() {
		const result = await medgrid.desk.call("POST", "sync_inventory", {}, __("Syncing the inventory …"));
		if (!result) return;
		const missing = result.missing || [];
		show_sync(result, [
			__("Items refreshed: {0}", [result.updated ?? 0]),
			...(result.warehouse ? [__("Warehouse: {0}", [result.warehouse])] : []),
			...(missing.length ? [__("Not stocked at Shopify: {0}", [missing.join(", ")])] : []),
			...(result.notes || []),
		]);
	}

	function show_sync(result, facts) {
		const [sentence, indicator] = {
			ok: [__("Done."), "green"],
			running: [__("The sync takes longer. It continues in the background; see Sync Run."), "blue"],
			error: [result.error, "red"],
		}[result.status] || [result.status, "orange"];
		show(indicator, [`<p>${frappe.utils.escape_html(sentence)}</p>`, medgrid.desk.list_of(facts)]);
	}

	async function register_webhooks() {
		const result = await medgrid.desk.call("POST", "register_webhooks", {}, __("Registering webhooks …"));
		if (!result) return;
		const topics = result.webhooks.map(({ topic, created }) =>
			created ? __("{0}: registered now", [topic]) : __("{0}: already registered", [topic])
		);
		show("green", [`<p>${__("Shopify sends webhooks for these topics:")}</p>`, medgrid.desk.list_of(topics)]);
	}

	function show(indicator, parts) {
		frappe.msgprint({ title: __("Exoceuticals"), indicator, message: parts.join(""), clear: true });
	}
})();
