"""What all RPCs share: declaring one (`endpoint`), its parameter types, its errors, paging, UTC.

A request passes `gate` (who and what), the function made by `endpoint` (parameters, roles, errors) and
`envelope` (the shape of an error). Contract: "Authentication", "API Conventions", "Error Reference".
"""
