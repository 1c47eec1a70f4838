"""`import frappe.x` gives the very module object of `monoframe.x`.

An alias, not a copy: two module objects would mean two sets of exception classes and two `local`s.
"""

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys

ALIAS, REAL = "frappe", "monoframe"


class AliasLoader(importlib.abc.Loader):
	def __init__(self, name: str):
		self.name = name

	def create_module(self, spec):
		module = importlib.import_module(self.name)
		self.spec = module.__spec__
		return module

	def exec_module(self, module):
		# The import system has just put the alias' spec on the shared module.
		module.__spec__ = self.spec


class AliasFinder(importlib.abc.MetaPathFinder):
	def find_spec(self, fullname, path=None, target=None):
		if fullname != ALIAS and not fullname.startswith(ALIAS + "."):
			return None
		name = REAL + fullname[len(ALIAS) :]
		if not _exists(name):
			return None
		is_package = hasattr(importlib.import_module(name), "__path__")
		return importlib.machinery.ModuleSpec(fullname, AliasLoader(name), is_package=is_package)


def _exists(name: str) -> bool:
	try:
		return name in sys.modules or importlib.util.find_spec(name) is not None
	except ModuleNotFoundError:
		return False


def install() -> None:
	sys.meta_path.insert(0, AliasFinder())
