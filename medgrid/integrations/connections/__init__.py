"""Vendor Connections. A connection belongs to a Supplier, and any of its portal users may manage it; one to
text messages belongs to a user. A Supplier may connect several accounts of one integration, each under a
name; where no name is given, the first one is meant.

    fields.py         the DocType, and its fields by what they are for
    records.py        finds connections and reads them
    credentials.py    stores credentials, reads them, deletes them
    actions.py        writes on a connection's record what a user did with it
    descriptions.py   what callers read about a connection
"""
