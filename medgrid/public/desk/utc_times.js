// MedGrid's own times are stored in UTC, and their labels say "(UTC)". Desk takes every Datetime for a time in the site's
// time zone: it converts it to the user's, and shows that zone below the field. These are shown as they are stored.
// Frappe loads this file with every page of Desk (hook `app_include_js`), after its own scripts.

(() => {
	function is_utc(df) {
		return !!df && df.fieldtype === "Datetime" && /\(UTC\)$/.test(df.label || "");
	}

	/** A stored time in the user's format. Date and time are formatted separately, since Frappe converts a text that
	 * has both. */
	function unconverted(value) {
		const [date, time] = String(value).split(" ");
		const day = frappe.datetime.str_to_user(date);
		return time ? `${day} ${frappe.datetime.str_to_user(time.split(".")[0], true)}` : day;
	}

	/** Replaces a method by `make(original)`; leaves it if this version of Frappe has none. */
	function replace(owner, name, make) {
		if (owner && typeof owner[name] === "function") owner[name] = make(owner[name]);
	}

	// Forms, lists, report views, grids.
	replace(
		frappe,
		"format",
		(format) =>
			function (value, df, ...rest) {
				return value && is_utc(df) ? unconverted(value) : format(value, df, ...rest);
			}
	);

	// The zone below a field of a form.
	replace(
		frappe.ui.form.ControlDatetime?.prototype,
		"set_description",
		(set_description) =>
			function (...args) {
				if (is_utc(this.df)) this.df.hide_timezone = 1;
				return set_description.apply(this, args);
			}
	);
})();
