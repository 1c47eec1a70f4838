"""A visitor's message, and its form as a Lead and as a comment in Desk. Pure."""

from dataclasses import dataclass
from html import escape
from re import match

# Desk shows a Lead's names in many places and does not escape them in all. These characters look alike but
# are not HTML.
_HARMLESS = str.maketrans({"<": "‹", ">": "›"})


@dataclass(frozen=True)
class ContactMessage:
	"""What a visitor entered in the contact form.

	:param email: in lower case.
	:param phone: as the visitor wrote it; empty if not given, like `company` and `subject`.
	:param message: may have several lines.
	"""

	name: str
	email: str
	phone: str
	company: str
	subject: str
	message: str

	@property
	def sender(self) -> str:
		"""The mailbox that the message comes from, as far as its address shows."""
		return sender_of(self.email)

	def as_lead(self) -> dict[str, str]:
		"""The fields of a new Lead."""
		return {
			"lead_name": self._lead_name(),
			"company_name": self.company.translate(_HARMLESS),
			"email_id": self.email,
			"phone": self.phone,
		}

	def _lead_name(self) -> str:
		"""The Lead's name. Frappe also names the Lead's Contact by it, and rejects names that look like its
		own names for new documents; those are quoted."""
		name = self.name.translate(_HARMLESS)
		return f"“{name}”" if match(r"New\s+Contact|Contact$", name) else name

	def as_html(self) -> str:
		"""The content of a comment, as HTML in which all of the visitor's text is escaped. It has the e-mail
		address, because that of the Lead may be another one of the same mailbox."""
		sender = " · ".join(part for part in (self.name, self.company, self.phone, self.email) if part)
		subject = f"<p><strong>{escape(self.subject)}</strong></p>" if self.subject else ""
		lines = "<br>".join(map(escape, self.message.splitlines()))
		return f"{subject}<p>{lines}</p><p>{escape(sender)}</p>"


def sender_of(email: str) -> str:
	"""The mailbox behind an e-mail address, in lower case: without what follows a `+`, which its owner can
	choose at will."""
	local, _at, domain = email.lower().rpartition("@")
	return f"{local.partition('+')[0] or local}@{domain}"
