"""Documents on their way to another system: claim, call, record. See docs/adr for why.

`states` says which states there are and which may follow which; `records` keeps them, one transaction a step;
`destinations` is what a place must be able to do; `delivery` takes one document there.
"""
