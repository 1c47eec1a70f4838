// What the form and the list of Exoceuticals Unmatched Variant share: the decisions about variants.

frappe.provide("medgrid.desk.variants");

/** Whether the user may decide about variants. */
medgrid.desk.variants.may_decide = function () {
	return ["System Manager", "Item Manager"].some((role) => frappe.user.has_role(role));
};

/**
 * Makes a decision, and shows about which variants it was not made.
 * @param {string} method its RPC in `medgrid.exoceuticals`.
 * @param {string[]} names of the entries.
 * @param {Object} more further arguments.
 * @returns {Promise} whether anything was decided.
 */
medgrid.desk.variants.decide = async function (method, names, more = {}) {
	const args = { variants: JSON.stringify(names), ...more };
	const result = await medgrid.desk.call("POST", method, args, __("Writing …"));
	if (!result) return false;
	if (result.failed.length) {
		const reasons = [...new Set(result.failed.map((each) => each.reason))];
		frappe.msgprint({
			title: __("{0} of {1} variants were left as they are", [result.failed.length, names.length]),
			message: medgrid.desk.list_of(reasons),
			indicator: "orange",
		});
	} else {
		const count = result.done.length;
		frappe.show_alert({ message: __("Variants written: {0}", [count]), indicator: "green" });
	}
	return result.done.length > 0;
};

/**
 * Asks for the Item of a single variant, then links it. Several variants are linked to their similar Items.
 * @param {string[]} names of the entries.
 * @param {string} [suggested] the similar Item of a single variant.
 * @param {Function} done is called once anything was decided.
 */
medgrid.desk.variants.link = function (names, suggested, done) {
	const { decide } = medgrid.desk.variants;
	if (names.length > 1) {
		const question = __("Link each of the {0} variants to the Item whose code differs in blanks or case only?", [
			names.length,
		]);
		frappe.confirm(question, async () => (await decide("link_variants", names)) && done());
		return;
	}
	const field = { fieldname: "item", fieldtype: "Link", options: "Item", label: __("Item"), reqd: 1 };
	frappe.prompt(
		[{ ...field, default: suggested, get_query: () => ({ filters: { disabled: 0, has_variants: 0 } }) }],
		async ({ item }) => (await decide("link_variants", names, { item })) && done(),
		__("Link to an Item"),
		__("Link")
	);
};

/** Asks for the group and the unit of new Items, then creates them. Parameters as above. */
medgrid.desk.variants.create = function (names, done) {
	const { decide } = medgrid.desk.variants;
	frappe.prompt(
		[
			{ fieldname: "item_group", fieldtype: "Link", options: "Item Group", label: __("Item Group") },
			{ fieldname: "stock_uom", fieldtype: "Link", options: "UOM", label: __("Default UOM") },
			{ fieldtype: "HTML", options: `<p>${__("Empty: the default of Stock Settings.")}</p>` },
		],
		async ({ item_group, stock_uom }) => {
			const more = { ...(item_group && { item_group }), ...(stock_uom && { stock_uom }) };
			if (await decide("create_items", names, more)) done();
		},
		__("Create an Item for each variant"),
		__("Create Item")
	);
};
