"""Vertex O Series, REST v2: calculates sales tax and stores what was sold in its Tax Journal.

A merchant makes a credential of the type "Rest API for O Series Calculation" in Vertex' own screens: a client
ID, a client secret and a company code. `docs/api.md` shows where a merchant enters them in MedGrid.
"""
