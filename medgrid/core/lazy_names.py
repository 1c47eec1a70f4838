"""Loads the functions that a package hands on when they are asked for (PEP 562). Pure.

The contract's dotted names are those of packages, and the functions are in modules of these: importing
another module of such a package must not load its whole RPC layer.
"""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def handed_on(package: str, modules: Mapping[str, str]) -> Callable[[str], Any]:
	"""The `__getattr__` of a package.

	:param package: its `__name__`.
	:param modules: the module below the package for each name that it hands on.
	"""

	def find(name: str) -> Any:
		if name not in modules:
			raise AttributeError(
				f"module {package!r} has no attribute {name!r}", name=name, obj=sys.modules[package]
			)
		return getattr(import_module(f"{package}.{modules[name]}"), name)

	return find
