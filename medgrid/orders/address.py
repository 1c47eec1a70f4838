"""A postal address with ISO codes, the parts that it needs before a parcel can be sent to it, and how it fits
into the fields of another system. Pure."""

import textwrap
from dataclasses import dataclass

from medgrid.orders.problems import AddressIncomplete, CountryWithoutCode, OrderProblem, Part
from medgrid.orders.provinces import needs_province, province_code

# Countries in ERPNext's list that the US Postal Service serves as states: Shopify's CountryCode does not
# contain them, and ShipStation finds rates for them only as states of the US.
US_TERRITORIES = frozenset({"AS", "FM", "GU", "MH", "MP", "PR", "PW", "VI"})
# Countries where the postal service, and with it carriers, need the state and have a code of it.
WITH_STATES = frozenset({"AU", "CA", "US"})
# Countries of a few cities, each of them a province: people write its name as the city only.
WITH_CITY_PROVINCES = frozenset({"AE", "HK"})
# ISO codes of countries that use no postal codes for parcels, or where an address is complete without one.
_NO_POSTAL_CODE = """
	AC AE AF AG AI AL AM AO AW AZ BB BD BF BH BI BJ BO BQ BS BT BW BY BZ CC CD CF CG CI CK CM CO CW CX DJ DM
	DZ EC ER ET FJ FK GA GD GH GI GM GN GQ GS GY HK HT IE IL IQ JM KE KI KM KN KP KZ LA LC LK LR MA MD ML MN
	MO MR MU MV MW NA NE NF NG NR NU PA PK PN QA RO RW SA SB SC SD SH SL SO SR SS ST SX SY TA TC TD TF TG TJ
	TK TL TM TN TO TR TT TV TW TZ UG UZ VA VC VU WS XK YE ZW
"""
WITHOUT_POSTAL_CODE = frozenset(_NO_POSTAL_CODE.split())


@dataclass(frozen=True)
class PostalAddress:
	"""A postal address.

	:param name: the name of the Address document, for sentences.
	:param recipient: the person or, if no person is known, the customer.
	:param company: the customer's name if the customer is a company, else empty.
	:param state: as a person wrote it; for a US territory, its code.
	:param country: the name of the Country, for sentences.
	:param country_code: ISO 3166-1, two capitals; empty if the Country has none.
	:param phones: phone numbers as people wrote them, the address's own number first.
	"""

	name: str
	recipient: str
	company: str = ""
	street: str = ""
	street2: str = ""
	city: str = ""
	state: str = ""
	postal_code: str = ""
	country: str = ""
	country_code: str = ""
	phones: tuple[str, ...] = ()

	@property
	def province_code(self) -> str | None:
		"""Shopify's code of the state; see `provinces.province_code`."""
		state = self.state
		if not state and self.country_code in WITH_CITY_PROVINCES:
			state = self.city
		return province_code(self.country_code, state)

	@property
	def state_or_code(self) -> str:
		"""The state's code where carriers use codes and it is known, else the state as it was written."""
		code = self.province_code if self.country_code in WITH_STATES else None
		return code or self.state

	def street_lines(self, width: int, count: int) -> list[str]:
		"""Divides the street over lines of another system.

		:param width: the maximum number of characters of a line.
		:param count: the maximum number of lines.
		:returns: `street` and `street2` as they are if they fit, else wrapped between words. They are more
			than `count` lines if the street does not fit at all.
		"""
		written = [line for line in (self.street, self.street2) if line]
		lines = [part for line in written for part in _wrapped(line, width)]
		return lines if len(lines) <= count else _wrapped(", ".join(written), width)


def postal_address(
	*,
	name: str,
	recipient: str,
	company: str | None = None,
	street: str | None = None,
	street2: str | None = None,
	city: str | None = None,
	state: str | None = None,
	postal_code: str | None = None,
	country: str | None = None,
	country_code: str | None = None,
	phones: tuple[str | None, ...] = (),
) -> PostalAddress:
	"""Builds a PostalAddress from stored values: strips blanks, and turns a US territory into a state of the
	US."""
	code, written_state = _text(country_code).upper(), _text(state)
	if code in US_TERRITORIES:
		code, written_state = "US", code
	return PostalAddress(
		name=name,
		recipient=_text(recipient),
		company=_text(company),
		street=_text(street),
		street2=_text(street2),
		city=_text(city),
		state=written_state,
		postal_code=_text(postal_code),
		country=_text(country),
		country_code=code,
		phones=tuple(filter(None, map(_text, phones))),
	)


def _text(value: str | None) -> str:
	return str(value or "").strip()


def _wrapped(line: str, width: int) -> list[str]:
	return textwrap.wrap(line, width, break_on_hyphens=False) if len(line) > width else [line]


def shortened(text: str, width: int) -> str:
	"""Cuts a name to a maximum number of characters, between words if there are some."""
	return text if len(text) <= width else _wrapped(text, width)[0]


def missing_parts(address: PostalAddress, *, by_code: bool) -> tuple[Part, ...]:
	"""Returns the parts that an address lacks.

	:param by_code: whether the receiving system accepts states by their codes only: a state without a known
		code then counts as missing.
	"""
	country = address.country_code
	state = address.province_code if by_code else address.state
	needs_state = needs_province(country) if by_code else country in WITH_STATES
	present = {
		Part.STREET: address.street,
		Part.CITY: address.city,
		Part.STATE: state or not needs_state,
		Part.POSTAL_CODE: address.postal_code or not country or country in WITHOUT_POSTAL_CODE,
		Part.COUNTRY: address.country,
	}
	return tuple(part for part, value in present.items() if not value)


def problem_of(address: PostalAddress, *, by_code: bool) -> OrderProblem | None:
	"""Returns why no parcel can be sent to an address; None if it is complete.

	:param by_code: see `missing_parts`.
	"""
	if address.country and not address.country_code:
		return CountryWithoutCode(address.name, address.country)
	missing = missing_parts(address, by_code=by_code)
	return AddressIncomplete(address.name, missing) if missing else None
