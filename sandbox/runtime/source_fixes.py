"""Lines of monoframe that its own minimum Python cannot compile, mended while they are imported."""

import importlib.abc
import importlib.machinery
import sys

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
