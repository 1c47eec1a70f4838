"""A postal address with ISO codes, and the parts that it needs before a parcel can be sent to it. Pure."""

from dataclasses import dataclass

from medgrid.orders.problems import AddressIncomplete, CountryWithoutCode, OrderProblem, Part
from medgrid.orders.provinces import has_provinces, province_code

# Countries in ERPNext's list that the US Postal Service serves as states: Shopify's CountryCode does not
# contain them, and ShipStation finds rates for them only as states of the US.
US_TERRITORIES = frozenset({"AS", "FM", "GU", "MH", "MP", "PR", "PW", "VI"})
# ISO codes of countries that use no postal codes for parcels.
_NO_POSTAL_CODE = """
	AE AG AO AW BF BI BJ BO BS BW BZ CF CG CI CK CM DJ DM ER FJ GD GH GM GN GQ GY HK IE JM KE KI KM KN KP LC
	ML MO MR MU MW NA NR NU PA QA RW SB SC SL SO SR ST SY TF TG TK TL TO TT TV TZ UG VU YE ZW
"""
WITHOUT_POSTAL_CODE = frozenset(_NO_POSTAL_CODE.split())


@dataclass(frozen=True)
class PostalAddress:
	"""A postal address.

	:param name: the name of the Address document, for sentences.
	:param state: as a person wrote it; for a US territory, its code.
	:param country: the name of the Country, for sentences.
	:param country_code: ISO 3166-1, two capitals; empty if the Country has none.
	:param phones: phone numbers as people wrote them, the address's own number first.
	"""

	name: str
	recipient: str
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
		"""ISO 3166-2 without the country; see `provinces.province_code`."""
		return province_code(self.country_code, self.state)

	@property
	def state_or_code(self) -> str:
		"""The state's code if MedGrid has a list of the country's states and finds it there, else the state
		as it was written."""
		code = self.province_code if has_provinces(self.country_code) else None
		return code or self.state


def postal_address(
	*,
	name: str,
	recipient: str,
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


def missing_parts(address: PostalAddress, *, by_code: bool) -> tuple[Part, ...]:
	"""Returns the parts that an address lacks.

	:param by_code: whether the receiving system accepts states by their codes only: a state without a known
		code then counts as missing.
	"""
	country = address.country_code
	state = address.province_code if by_code and has_provinces(country) else address.state
	present = {
		Part.STREET: address.street,
		Part.CITY: address.city,
		Part.STATE: state or not has_provinces(country),
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
