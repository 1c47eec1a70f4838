"""What MedGrid's queries cost on a site of years: `python3 -m sandbox load`.

    database_copy.py  a copy of a site's database, in which this process works
    tables/           the tables that grow, and expressions.py for their columns
    rows.py           makes their rows in bulk, by the database itself
    operations.py     what requests, jobs, cards and pages read, as calls
    plans.py          each of their statements with its plan, the rows that it examines, and its time
    report.py         the table

The same calls run in CI on a few thousand rows (`tests/growth/`): a new scan of a table that grows fails it.
"""
