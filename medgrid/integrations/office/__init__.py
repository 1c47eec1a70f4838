"""What the wholesaler's people see and do in Desk about vendors: the panel on documents, and a vendor's
connection on the vendor's behalf."""
