"""Runs the benchmarks named on the command line, or all. Exit status 1 if a ratio is above its limit."""

import sys
from collections.abc import Callable

from sandbox import runtime


def main() -> int:
	runtime.activate()
	from benchmarks import catalog, exoceuticals, sales_tax, shipstation, shopify, vertex, webhooks
	from benchmarks.report import Rows, publish

	available: dict[str, Callable[[], Rows]] = {
		"catalog": catalog.run,
		"exoceuticals": exoceuticals.run,
		"sales_tax": sales_tax.run,
		"shipstation": shipstation.run,
		"shopify": shopify.run,
		"vertex": vertex.run,
		"vertex_load": vertex.run_load,
		"webhooks": webhooks.run,
	}
	names = sys.argv[1:] or list(available)
	unknown = [name for name in names if name not in available]
	if unknown:
		print(f"no such benchmark: {', '.join(unknown)}; there are: {', '.join(available)}", file=sys.stderr)
		return 2
	within_limits = [publish(name, available[name]()) for name in names]
	return 0 if all(within_limits) else 1


sys.exit(main())
