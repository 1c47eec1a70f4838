"""What a site adds to the calls of other systems: base URLs, the log of calls, and the sentences that people
read when a call fails.

`http_client` and `clients` do not depend on a site; these modules provide what they need from one.
"""
