"""The limits of what MedGrid reads of what ShipStation sends. Pure.

What exceeds them is reported, and not read or stored.
"""

MAX_PAGES = 200
# Pages of the shipments of one order.
MAX_PAGES_OF_ORDER = 4
# Pages of cancelled orders.
MAX_PAGES_OF_CANCELLED = 4
# The most entries on a page that MedGrid reads; it requests at most as many.
PAGE_SIZE = 500
MAX_ITEMS = 2000
# The shipments that are stored of one order: the newest ones.
MAX_SHIPMENTS = 50
