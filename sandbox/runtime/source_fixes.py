"""What monoframe needs of a newer Python: lines that its own minimum Python cannot compile, mended while they
are imported; and `functools.cached_property` without a lock."""

import functools
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

# A PEP 695 `type` statement: a SyntaxError before Python 3.12, though the wheel says 3.10.
FIXES = {
	"monoframe.desk.doctype.event.event": ("\ttype EventLikeDict = ", "\tEventLikeDict = "),
}


class FixingLoader(importlib.machinery.SourceFileLoader):
	def get_code(self, fullname):
		source = self.get_data(self.path).decode()
		old, new = FIXES[fullname]
		if old not in source:
			raise ImportError(f"{fullname} is not the monoframe 0.0.1 that this sandbox knows")
		# No .pyc is read or written: it would hold the unmended source's timestamp.
		return self.source_to_code(source.replace(old, new).encode(), self.path)


class FixFinder(importlib.abc.MetaPathFinder):
	def find_spec(self, fullname, path=None, target=None):
		if fullname not in FIXES:
			return None
		spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
		if spec and spec.origin:
			spec.loader = FixingLoader(fullname, spec.origin)
		return spec


def install() -> None:
	if sys.version_info < (3, 12):
		sys.meta_path.insert(0, FixFinder())
		_take_lock_from_cached_properties()


def _take_lock_from_cached_properties() -> None:
	"""Before 3.12 each property has one lock for all of its instances. Two requests to a web server that has
	just started, each of which computes a document's property from another one's, wait for each other, and
	the process answers nobody any more."""

	def without_lock(self: Any, func: Callable[..., Any]) -> None:
		self.func, self.attrname, self.__doc__ = func, None, func.__doc__
		self.lock = nullcontext()

	functools.cached_property.__init__ = without_lock  # type: ignore[method-assign]
