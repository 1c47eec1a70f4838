"""Finds the code of a state or province (ISO 3166-2 without the country) by the name that a person wrote.
Pure."""

import re
import unicodedata

_UNITED_STATES = """
	AL Alabama, AK Alaska, AZ Arizona, AR Arkansas, CA California, CO Colorado, CT Connecticut, DE Delaware,
	DC District of Columbia, FL Florida, GA Georgia, HI Hawaii, ID Idaho, IL Illinois, IN Indiana, IA Iowa,
	KS Kansas, KY Kentucky, LA Louisiana, ME Maine, MD Maryland, MA Massachusetts, MI Michigan, MN Minnesota,
	MS Mississippi, MO Missouri, MT Montana, NE Nebraska, NV Nevada, NH New Hampshire, NJ New Jersey,
	NM New Mexico, NY New York, NC North Carolina, ND North Dakota, OH Ohio, OK Oklahoma, OR Oregon,
	PA Pennsylvania, RI Rhode Island, SC South Carolina, SD South Dakota, TN Tennessee, TX Texas, UT Utah,
	VT Vermont, VA Virginia, WA Washington, WV West Virginia, WI Wisconsin, WY Wyoming,
	AS American Samoa, GU Guam, MH Marshall Islands, FM Micronesia, MP Northern Mariana Islands, PW Palau,
	PR Puerto Rico, VI Virgin Islands, AA Armed Forces Americas, AE Armed Forces Europe,
	AP Armed Forces Pacific
"""
_CANADA = """
	AB Alberta, BC British Columbia, MB Manitoba, NB New Brunswick, NL Newfoundland and Labrador,
	NT Northwest Territories, NS Nova Scotia, NU Nunavut, ON Ontario, PE Prince Edward Island, QC Quebec,
	SK Saskatchewan, YT Yukon
"""
_AUSTRALIA = """
	ACT Australian Capital Territory, NSW New South Wales, NT Northern Territory, QLD Queensland,
	SA South Australia, TAS Tasmania, VIC Victoria, WA Western Australia
"""
# Other names in use.
_MORE_UNITED_STATES = "DC Washington DC, VI US Virgin Islands, FM Federated States of Micronesia"
_MORE_CANADA = "NL Newfoundland, PE PEI, YT Yukon Territory"


def _pairs(table: str) -> list[tuple[str, str]]:
	"""Code and name of each row."""
	parts = (entry.strip().partition(" ") for entry in table.split(","))
	return [(code, name) for code, _blank, name in parts]


PROVINCES = {"US": _pairs(_UNITED_STATES), "CA": _pairs(_CANADA), "AU": _pairs(_AUSTRALIA)}
_OTHER_NAMES = {"US": _pairs(_MORE_UNITED_STATES), "CA": _pairs(_MORE_CANADA), "AU": []}


def _letters(text: str) -> str:
	"""Normalizes a name: its letters and digits in lower case, without accents."""
	decomposed = unicodedata.normalize("NFKD", text.casefold())
	return "".join(sign for sign in decomposed if sign.isalnum())


_CODES = {
	country: {_letters(key): code for code, name in [*rows, *_OTHER_NAMES[country]] for key in (name, code)}
	for country, rows in PROVINCES.items()
}


def province_code(country_code: str, state: str | None) -> str | None:
	"""Returns the code of a state or province.

	:param country_code: ISO 3166-1, two letters.
	:param state: as a person wrote it: "Illinois", "il", "N.Y.", "Québec".
	:returns: e.g. "IL"; None if the state is not in MedGrid's list. For a country without a list: the text in
		capitals if it looks like a code, else None.
	"""
	text = " ".join((state or "").split())
	if country_code in _CODES:
		return _CODES[country_code].get(_letters(text))
	return text.upper() if re.fullmatch(r"[A-Za-z0-9]{1,3}", text) else None


def has_provinces(country_code: str) -> bool:
	"""Whether MedGrid has a list of a country's states. In these countries a carrier needs the state."""
	return country_code in _CODES
