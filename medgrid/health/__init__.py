"""One report on all sides of MedGrid, for a monitor. The RPC `medgrid.health.report` resolves here; the
function itself is in `rpc`."""

import sys
from importlib import import_module
from typing import Any

__all__ = ["report"]


def __getattr__(name: str) -> Any:
	"""Loads the RPC layer on the first access to its function (PEP 562)."""
	if name not in __all__:
		raise AttributeError(
			f"module {__name__!r} has no attribute {name!r}", name=name, obj=sys.modules[__name__]
		)
	return getattr(import_module(f"{__name__}.rpc"), name)
