"""`python3 -m sandbox load`: makes the rows in a copy of the demo site's database, calls every operation,
and prints the table. Exit status 1 if one scans a table that grows, or takes longer than it may."""

import argparse
import sys
import time

from sandbox import runtime, state


def main() -> int:
	parser = argparse.ArgumentParser(prog="python3 -m sandbox load", description=__doc__)
	parser.add_argument("--orders", type=int, default=100_000, help="Sales Orders, and what belongs to them")
	parser.add_argument("--events", type=int, default=1_000_000, help="Integration Events")
	parser.add_argument("--of-vendor", type=int, default=10_000, help="orders of the one vendor")
	parser.add_argument("--keep", action="store_true", help="keep the copy of the database")
	options = parser.parse_args()
	runtime.activate()
	from sandbox.growth import expressions, operations, plans, report, rows, scene
	from sandbox.growth.database_copy import database_copy
	from sandbox.runtime.site import connected

	size = expressions.Size(options.orders, options.events, options.of_vendor)
	root_password = state.password("mariadb root")
	with connected(), database_copy(root_password, keep=options.keep) as name:
		began = time.monotonic()
		whose, small = scene.make(), scene.make("small")
		sizes = rows.growing(rows.fill(whose, size, small.supplier))
		print(f"{sum(sizes.values())} rows in {name} after {time.monotonic() - began:.0f} s\n", flush=True)
		few, many = operations.pages(small), operations.pages(whose)
		for line in report.ratios(few, many):
			print(line, flush=True)
		print()
		measured = report.measure(operations.operations(whose), sizes, plans.statements_of_operation)
	for line in report.as_table(measured):
		print(line)
	found = list(report.problems(measured))
	print(f"\n{len(measured)} operations,", "of which:" if found else "nothing scans.")
	for sentence in found:
		print(sentence)
	return 1 if found else 0


sys.exit(main())
