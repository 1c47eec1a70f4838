"""Exceptions that ERPNext raises for a party or currency that cannot be used."""

import frappe


class PartyFrozen(frappe.ValidationError):
	pass


class PartyDisabled(frappe.ValidationError):
	pass


class InvalidCurrency(frappe.ValidationError):
	pass
