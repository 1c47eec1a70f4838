"""The codes of states and provinces that Shopify wants (`provinceCode`), ISO 3166-2 without the country."""

import re

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


def _by_name(table: str) -> dict[str, str]:
	"""Name and code, both in small letters, to the code."""
	pairs = (entry.strip().split(" ", 1) for entry in table.split(","))
	return {key: code for code, name in pairs for key in (name.lower(), code.lower())}


_CODES = {"US": _by_name(_UNITED_STATES), "CA": {**_by_name(_CANADA), "québec": "QC"}}


def province_code(country_code: str, state: str | None) -> str | None:
	"""
	:param country_code: ISO 3166-1, two letters.
	:param state: as people write it: "Illinois", "il", "N.Y.".
	:returns: e.g. "IL". Where MedGrid has no list, the text itself if it looks like a code; None if there is
		none that could be right.
	"""
	text = " ".join((state or "").split())
	if not text:
		return None
	if codes := _CODES.get(country_code):
		return codes.get(text.lower()) or codes.get(text.replace(".", "").replace(" ", "").lower())
	return text.upper() if re.fullmatch(r"[A-Za-z0-9]{1,3}", text) else None


def needs_province(country_code: str) -> bool:
	"""Whether Shopify refuses an address of this country without one, as far as MedGrid knows."""
	return country_code in _CODES
