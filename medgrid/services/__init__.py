"""The systems that MedGrid calls, as this site knows them: where they are, what is logged of calls to them,
and what people read when one fails.

`http_client` and `clients` know no site; these modules are what they need of one.
"""
