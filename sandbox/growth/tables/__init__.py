"""The tables that grow, by what they are about.

`tables(expressions)` of each module: DocType -> its number of rows, and an expression of SQL for each column
that has to hold something. One row in fifty is open; the rest is over.
"""
