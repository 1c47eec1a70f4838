"""Frappe's addresses below `/api/`, made to speak the contract: who calls, with which verb, and what the
statuses of Frappe's own errors mean."""
