"""The second contract's addresses, and their conversion to Vertex' form.

Of Frappe it uses only the sentences' language. See docs/api.md, `shopify_tax_calculate`.
"""

from typing import Annotated, Any

from frappe import _
from pydantic import AfterValidator, model_validator

from medgrid.clients.vertex.wire import Location
from medgrid.core.foreign_types import BOUNDED
from medgrid.orders.provinces import province_code
from medgrid.vertex.contract.members import Members, optional_text, pattern, rule

# Countries in ISO 3166 and in shops, divisions of the United States for a tax engine.
TERRITORIES = frozenset(("PR", "GU", "VI", "AS", "MP", "UM"))
# ISO 3166-1. A country that does not exist would be taxed as one without taxes.
_COUNTRIES = """
	AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT
	BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH
	ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT
	HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS
	LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI
	NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG
	SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG
	UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
COUNTRIES = frozenset(_COUNTRIES.split())


def _known(code: str) -> str:
	if code not in COUNTRIES:
		raise rule(_("must be a country's code of two capitals, for example US"))
	return code


_Country = Annotated[
	str,
	BOUNDED,
	pattern("[A-Z]{2}", "must be a country's code of two capitals, for example US"),
	AfterValidator(_known),
]


class Address(Members):
	"""An address in a request.

	:param mainDivision: state or province, name or code.
	:param subDivision: county.
	"""

	streetAddress1: Annotated[str | None, BOUNDED, optional_text(100)] = None
	streetAddress2: Annotated[str | None, BOUNDED, optional_text(100)] = None
	city: Annotated[str | None, BOUNDED, optional_text(60)] = None
	mainDivision: Annotated[str | None, BOUNDED, optional_text(60)] = None
	subDivision: Annotated[str | None, BOUNDED, optional_text(60)] = None
	postalCode: Annotated[str | None, BOUNDED, optional_text(20)] = None
	country: _Country

	@model_validator(mode="before")
	@classmethod
	def move_territories(cls, content: Any) -> Any:
		"""A territory that a shop has as a country is a division of the United States."""
		if not isinstance(content, dict) or not isinstance(content.get("country"), str):
			return content
		if content["country"] in TERRITORIES:
			return {**content, "country": "US", "mainDivision": content["country"]}
		return content

	@model_validator(mode="after")
	def require_division_and_code(self) -> "Address":
		if self.country in ("US", "CA") and not self.mainDivision:
			raise rule(_("needs mainDivision, the state or province, for this country"))
		if self.country == "US" and not self.postalCode:
			raise rule(_("needs postalCode, the ZIP code, for this country"))
		return self

	def location(self) -> Location:
		"""The address for Vertex: states and provinces that MedGrid knows as their codes."""
		values = self.model_dump(exclude_none=True)
		if self.country in ("US", "CA") and self.mainDivision:
			values["mainDivision"] = province_code(self.country, self.mainDivision) or self.mainDivision
		return Location.model_validate(values)
