"""Integration Issues about a configuration that makes MedGrid count wrongly. The scheduler's hourly job."""

from frappe import _

from medgrid.core.faults.borders import job
from medgrid.core.transactions import in_transaction
from medgrid.issues.records import ADMINISTRATOR, Subject, open_issue, settle_issue
from medgrid.services.callers import has_untrusted_proxy

PROXIES = Subject("site", "count_callers")


@job
def check() -> None:
	"""Opens or settles the issue that a proxy is missing in Medgrid Settings. Commits."""
	in_transaction(_check_proxies)


def _check_proxies() -> None:
	if not has_untrusted_proxy():
		settle_issue(PROXIES)
		return
	open_issue(
		PROXIES,
		title=_("Requests come through a proxy that Medgrid Settings do not name"),
		detail=_(
			"The limits of the contact form and of the other public addresses count by network address. All "
			"visitors have the proxy's address, so they share one limit."
		),
		who_acts=ADMINISTRATOR,
		what_to_do=_(
			"In Medgrid Settings, set Trusted Proxies to the number of proxies before the web server, "
			"usually 1."
		),
	)
