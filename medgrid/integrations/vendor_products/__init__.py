"""What vendors see of their Shopify products: which are linked to Items, which wait for a decision of the
wholesaler, which are not wanted, and why.

    states.py         the states, as conditions of a query and in words
    listing.py        products as values for callers
    product_file.py   the CSV file
    rpc.py            the RPCs
"""
