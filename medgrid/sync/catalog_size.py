"""Bounds the catalog of one shop: a shop that always has another page would keep a worker, and fill the
database, without an end."""

from dataclasses import dataclass

from frappe import _

from medgrid.http_client.errors import IntegrationError
from medgrid.services.support import us
from medgrid.sync.runs import Run


class CatalogTooLarge(IntegrationError):
	"""A shop has more variants, or more pages of them, than MedGrid reads."""


@dataclass(frozen=True)
class CatalogSize:
	"""What a shop may have at most.

	:param variants: the number of its variants.
	:param pages: the number of pages in which it sends them.
	"""

	variants: int
	pages: int


def count_page(run: Run, variants: int, most: CatalogSize) -> dict[str, int]:
	"""Counts a page of a catalog, with the pages that earlier workers of the run have read.

	:param variants: the number of variants on the page.
	:returns: the entries of the run's progress that count the pages, to be saved with the page.
	:raises CatalogTooLarge: it is more than `most`.
	"""
	totals = {
		"pages": run.progress.get("pages", 0) + 1,
		"variants": run.progress.get("variants", 0) + variants,
	}
	if totals["pages"] > most.pages or totals["variants"] > most.variants:
		raise CatalogTooLarge(
			_(
				"The shop's catalog is too large: MedGrid reads up to {0} variants on up to {1} pages. Remove"
				" products that are not sold any more, or contact {2}."
			).format(f"{most.variants:,}", f"{most.pages:,}", us())
		)
	return totals
