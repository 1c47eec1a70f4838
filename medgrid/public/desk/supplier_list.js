// The list of Suppliers: invites the main address of each of the selected ones to the portal.

frappe.provide("medgrid.desk");

(() => {
	// ERPNext has settings of its own for this list.
	const settings = (frappe.listview_settings.Supplier ??= {});
	const { onload } = settings;

	settings.onload = function (list) {
		onload?.call(settings, list);
		if (!frappe.user.has_role("System Manager")) return;
		list.page.add_actions_menu_item(__("Invite to the portal"), () => confirm(list), false);
	};

	function confirm(list) {
		const names = list.get_checked_items(true);
		const question = __("Invite the e-mail address of each of the {0} Suppliers to the portal?", [names.length]);
		frappe.confirm(question, () => invite(list, names));
	}

	async function invite(list, names) {
		const method = "medgrid.integrations.invite_vendors";
		const args = { suppliers: JSON.stringify(names) };
		const answer = await medgrid.desk.call("POST", method, args, __("Inviting …"));
		if (!answer) return;
		list.refresh();
		const failed = answer.invitations.filter((each) => each.error);
		const mailed = answer.invitations.filter((each) => each.mailed).length;
		const notes = answer.invitations.flatMap((each) =>
			each.error ? [`${each.supplier}: ${each.error}`] : each.warnings
		);
		frappe.msgprint({
			title: __("Invite to the portal"),
			message: `<p>${__("Mails sent: {0}", [mailed])}</p>${medgrid.desk.list_of(notes)}`,
			indicator: failed.length || notes.length ? "orange" : "green",
			clear: true,
		});
	}
})();
