"""States of the USA and provinces of Canada: abbreviations, names and rates; and the countries that exist."""

from decimal import Decimal

# Abbreviation, name, rate of the state's own sales tax in %.
_STATES = """
AL Alabama 4
AK Alaska 0
AZ Arizona 5.6
AR Arkansas 6.5
CA California 6
CO Colorado 2.9
CT Connecticut 6.35
DE Delaware 0
DC District of Columbia 6
FL Florida 6
GA Georgia 4
HI Hawaii 4
ID Idaho 6
IL Illinois 6.25
IN Indiana 7
IA Iowa 6
KS Kansas 6.5
KY Kentucky 6
LA Louisiana 4.45
ME Maine 5.5
MD Maryland 6
MA Massachusetts 6.25
MI Michigan 6
MN Minnesota 6.875
MS Mississippi 7
MO Missouri 4.225
MT Montana 0
NE Nebraska 5.5
NV Nevada 4.6
NH New Hampshire 0
NJ New Jersey 6.625
NM New Mexico 5
NY New York 4
NC North Carolina 4.75
ND North Dakota 5
OH Ohio 5.75
OK Oklahoma 4.5
OR Oregon 0
PA Pennsylvania 6
RI Rhode Island 7
SC South Carolina 6
SD South Dakota 4.2
TN Tennessee 7
TX Texas 6.25
UT Utah 4.85
VT Vermont 6
VA Virginia 4.3
WA Washington 6.5
WV West Virginia 6
WI Wisconsin 5
WY Wyoming 4
PR Puerto Rico 10.5
GU Guam 0
VI Virgin Islands 0
AS American Samoa 0
MP Northern Mariana Islands 0
UM US Minor Outlying Islands 0
AA Armed Forces Americas 0
AE Armed Forces Europe 0
AP Armed Forces Pacific 0
"""
# Abbreviation, name, the province's part of the tax in %, what it is called.
_PROVINCES = """
AB Alberta 0 GST
BC British Columbia 7 PST
MB Manitoba 7 PST
NB New Brunswick 10 HST
NL Newfoundland and Labrador 10 HST
NS Nova Scotia 9 HST
NT Northwest Territories 0 GST
NU Nunavut 0 GST
ON Ontario 8 HST
PE Prince Edward Island 10 HST
QC Quebec 9.975 QST
SK Saskatchewan 6 PST
YT Yukon 0 GST
"""

# ISO 3166-1, two letters.
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

STATES: dict[str, tuple[str, Decimal]] = {}
for _row in _STATES.strip().splitlines():
	_code, *_words, _percent = _row.split()
	STATES[_code] = (" ".join(_words), Decimal(_percent))

PROVINCES: dict[str, tuple[str, Decimal, str]] = {}
for _row in _PROVINCES.strip().splitlines():
	_code, *_words, _percent, _tax = _row.split()
	PROVINCES[_code] = (" ".join(_words), Decimal(_percent), _tax)

TERRITORIES = {"PR", "GU", "VI", "AS", "MP", "UM"}

COUNTRIES = frozenset(_COUNTRIES.split())


def state_code(text: str) -> str | None:
	"""The abbreviation of a state that is given by abbreviation or name."""
	return _code_of(text, {code: row[0] for code, row in STATES.items()})


def province_code(text: str) -> str | None:
	accents = str.maketrans("éÉ", "eE")
	return _code_of(text.translate(accents), {code: row[0] for code, row in PROVINCES.items()})


def _code_of(text: str, names: dict[str, str]) -> str | None:
	wanted = text.strip().upper()
	if wanted in names:
		return wanted
	return next((code for code, name in names.items() if name.upper() == wanted), None)
