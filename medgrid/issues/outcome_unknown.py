"""The issue about an order whose outcome is not known: it was sent, and the answer was lost.

MedGrid searches the other system for the order. Administrators are notified at once all the same: if they
send the order by hand, the customer gets it twice.
"""

from frappe import _

from medgrid.issues.mails import tell_administrators
from medgrid.issues.records import NOBODY, Subject, open_issue


def note_outcome_unknown(subject: Subject, system: str, sales_order: str) -> None:
	"""Opens the issue and mails administrators. The caller commits.

	:param system: the name of the other system.
	"""
	issue = open_issue(
		subject,
		title=_("{0}: whether {1} was sent is not known").format(system, sales_order),
		detail=_("{0} got the order and its answer was lost, or never got it.").format(system),
		who_acts=NOBODY,
		what_to_do=_(
			"MedGrid looks it up there by itself, and sends it again only if it is not there. Do not send it"
			" by hand meanwhile."
		),
	)
	tell_administrators(issue.name)
