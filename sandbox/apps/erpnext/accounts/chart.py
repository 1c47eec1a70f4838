"""The few accounts of ERPNext's standard chart that a wholesale app can meet, under ERPNext's names."""

import frappe

ASSETS, LIABILITIES = "Application of Funds (Assets)", "Source of Funds (Liabilities)"

# (account, parent, root type, account type, is a group), parents first
ACCOUNTS = (
	(ASSETS, None, "Asset", "", True),
	("Current Assets", ASSETS, "Asset", "", True),
	("Accounts Receivable", "Current Assets", "Asset", "", True),
	("Debtors", "Accounts Receivable", "Asset", "Receivable", False),
	("Bank Accounts", "Current Assets", "Asset", "Bank", True),
	("Cash In Hand", "Current Assets", "Asset", "Cash", True),
	("Cash", "Cash In Hand", "Asset", "Cash", False),
	("Stock Assets", "Current Assets", "Asset", "Stock", True),
	("Stock In Hand", "Stock Assets", "Asset", "Stock", False),
	(LIABILITIES, None, "Liability", "", True),
	("Current Liabilities", LIABILITIES, "Liability", "", True),
	("Accounts Payable", "Current Liabilities", "Liability", "", True),
	("Creditors", "Accounts Payable", "Liability", "Payable", False),
	("Duties and Taxes", "Current Liabilities", "Liability", "Tax", True),
	("ST 6%", "Duties and Taxes", "Liability", "Tax", False),
	("Stock Liabilities", "Current Liabilities", "Liability", "", True),
	(
		"Stock Received But Not Billed",
		"Stock Liabilities",
		"Liability",
		"Stock Received But Not Billed",
		False,
	),
	("Income", None, "Income", "", True),
	("Direct Income", "Income", "Income", "", True),
	("Sales", "Direct Income", "Income", "", False),
	("Expenses", None, "Expense", "", True),
	("Direct Expenses", "Expenses", "Expense", "", True),
	("Stock Expenses", "Direct Expenses", "Expense", "", True),
	("Cost of Goods Sold", "Stock Expenses", "Expense", "Cost of Goods Sold", False),
	("Stock Adjustment", "Stock Expenses", "Expense", "Stock Adjustment", False),
	("Indirect Expenses", "Expenses", "Expense", "", True),
	("Freight and Forwarding Charges", "Indirect Expenses", "Expense", "Chargeable", False),
	("Round Off", "Indirect Expenses", "Expense", "Round Off", False),
	("Write Off", "Indirect Expenses", "Expense", "", False),
)

COMPANY_DEFAULTS = {
	"default_receivable_account": "Debtors",
	"default_payable_account": "Creditors",
	"default_cash_account": "Cash",
	"default_inventory_account": "Stock In Hand",
	"stock_received_but_not_billed": "Stock Received But Not Billed",
	"stock_adjustment_account": "Stock Adjustment",
	"default_income_account": "Sales",
	"default_expense_account": "Cost of Goods Sold",
	"round_off_account": "Round Off",
	"write_off_account": "Write Off",
}


def create_chart(company: str, abbr: str):
	for account_name, parent, root_type, account_type, is_group in ACCOUNTS:
		account = frappe.new_doc("Account", account_name=account_name, company=company)
		account.update({"root_type": root_type, "account_type": account_type, "is_group": int(is_group)})
		account.parent_account = f"{parent} - {abbr}" if parent else None
		account.flags.ignore_mandatory = (
			True  # the roots of a chart have no parent, though the field asks for one
		)
		account.insert(ignore_permissions=True)  # comes with the Company, whoever may create that


def default_accounts(abbr: str) -> dict[str, str]:
	"""Company field to account name."""
	return {fieldname: f"{account} - {abbr}" for fieldname, account in COMPANY_DEFAULTS.items()}
