"""What a visitor wrote, and how it is shown in Desk."""

from dataclasses import dataclass
from html import escape
from re import match

# Desk shows a Lead's names in many places, not all of which escape them; these look alike and are no HTML.
_HARMLESS = str.maketrans({"<": "‹", ">": "›"})


@dataclass(frozen=True)
class ContactMessage:
	"""
	:param email: in lower case.
	:param phone: as it was written, empty without one; so are company and subject.
	:param message: may have several lines.
	"""

	name: str
	email: str
	phone: str
	company: str
	subject: str
	message: str

	def as_lead(self) -> dict[str, str]:
		"""The fields of a new Lead."""
		return {
			"lead_name": self._lead_name(),
			"company_name": self.company.translate(_HARMLESS),
			"email_id": self.email,
			"phone": self.phone,
		}

	def _lead_name(self) -> str:
		"""The Lead's Contact is named by it, and Frappe forbids names such as its own for new documents."""
		name = self.name.translate(_HARMLESS)
		return f"“{name}”" if match(r"New\s+Contact|Contact$", name) else name

	def as_html(self) -> str:
		"""A comment's content. Whatever the visitor wrote is text in it."""
		sender = " · ".join(part for part in (self.name, self.company, self.phone) if part)
		subject = f"<p><strong>{escape(self.subject)}</strong></p>" if self.subject else ""
		lines = "<br>".join(map(escape, self.message.splitlines()))
		return f"{subject}<p>{lines}</p><p>{escape(sender)}</p>"
