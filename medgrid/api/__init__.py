"""What all RPCs share: their declaration (`endpoint`), parameter types, errors and paging.

A request passes `gate` (credentials, does the endpoint exist), the function made by `endpoint` (roles,
parameters, errors) and `envelope` (the shape of an error). Contract: "Authentication", "API Conventions",
"Error Reference".
"""
