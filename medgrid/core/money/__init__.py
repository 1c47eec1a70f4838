"""Amounts of money: how the site rounds them, and the smallest unit of a currency.

rounding.py    rounds exact amounts with one of Frappe's methods, to a currency's places; pure
currencies.py  reads the site's rounding method, and the records of its currencies
"""
