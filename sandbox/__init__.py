"""A whole MedGrid on one machine: Frappe's code, a stand-in ERPNext, MariaDB, Redis, workers, demo data.

	python3 -m sandbox demo

Data flow: `cli` → `setup` (packages, venv, database, sites, demo data) → `services` (what runs) → the venv's
Python, which does the work through `runtime` (the bridge behind `import frappe`).
Standard library only, except what `runtime` and `demo` run inside the venv.
"""
