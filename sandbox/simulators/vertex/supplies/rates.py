"""The tax areas that the simulator knows. The figures are near real ones and nobody's to file."""

from decimal import Decimal

from sandbox.simulators.vertex.supplies.areas import Area, Jurisdiction, Levy
from sandbox.simulators.vertex.supplies.divisions import COUNTRIES, PROVINCES, STATES, TERRITORIES

CANADA = Jurisdiction("CANADA", "COUNTRY", "1001")
GST = Decimal("0.05")
# What the states are called by in Vertex; all others get a number by their place in the alphabet.
_STATE_IDS = {"IL": "2041"}


def _state(code: str) -> Jurisdiction:
	name = STATES[code][0]
	number = _STATE_IDS.get(code) or str(3000 + list(STATES).index(code))
	return Jurisdiction(name.upper(), "TERRITORY" if code in TERRITORIES else "STATE", number)


def _province(code: str) -> Jurisdiction:
	return Jurisdiction(PROVINCES[code][0].upper(), "PROVINCE", str(1100 + list(PROVINCES).index(code)))


def _levy(percent: str, value: str, type: str, id: str) -> Levy:
	return Levy(Jurisdiction(value, type, id), Decimal(percent) / 100)


def _american(
	number: int, state: str, *local: Levy, taxes_freight: bool = False, fee: Levy | None = None
) -> Area:
	levies = (Levy(_state(state), STATES[state][1] / 100), *local)
	return Area(f"14{number:07d}", state, levies, taxes_freight, fee)


def _canadian(number: int, province: str) -> Area:
	_name, percent, name_of_tax = PROVINCES[province]
	is_harmonized = name_of_tax == "HST"
	federal = "Harmonized Sales Tax" if is_harmonized else "Goods and Services Tax"
	levies = [Levy(CANADA, GST, imposition=federal, tax_type="VAT")]
	if percent:
		imposition, tax_type = _PROVINCIAL[name_of_tax]
		levies.append(Levy(_province(province), percent / 100, imposition=imposition, tax_type=tax_type))
	return Area(f"70{number:07d}", province, tuple(levies), taxes_freight=True)


_PROVINCIAL = {
	"HST": ("Harmonized Sales Tax", "VAT"),
	"QST": ("Quebec Sales Tax", "VAT"),
	"PST": ("Provincial Sales Tax", "SALES"),
}
_RETAIL_DELIVERY_FEE = Levy(
	_state("CO"),
	flat=Decimal("0.29"),
	imposition="Retail Delivery Fee",
	imposition_type="Retail Delivery Fee",
)

# By the first five digits of the ZIP code.
BY_ZIP: dict[str, Area] = {
	"60610": _american(
		312380,
		"IL",
		_levy("1.75", "COOK", "COUNTY", "2085"),
		_levy("1.25", "CHICAGO", "CITY", "6400"),
		_levy("1.0", "REGIONAL TRANSPORTATION AUTHORITY", "TRANSIT_DISTRICT", "99001"),
	),
	"85201": _american(
		131820, "AZ", _levy("0.7", "MARICOPA", "COUNTY", "5201"), _levy("2.0", "MESA", "CITY", "5202")
	),
	"98104": _american(
		332730,
		"WA",
		_levy("2.45", "SEATTLE", "CITY", "5301"),
		_levy("1.4", "SOUND TRANSIT", "TRANSIT_DISTRICT", "5302"),
		taxes_freight=True,
	),
	"28801": _american(341010, "NC", _levy("2.25", "BUNCOMBE", "COUNTY", "5401"), taxes_freight=True),
	"33134": _american(250210, "FL", _levy("1.0", "MIAMI-DADE", "COUNTY", "5501")),
	"92101": _american(
		730180,
		"CA",
		_levy("0.25", "SAN DIEGO", "COUNTY", "5601"),
		_levy("0.5", "SAN DIEGO TRANSPORTATION", "TRANSIT_DISTRICT", "5602"),
		_levy("1.0", "CALIFORNIA DISTRICT", "SPECIAL_PURPOSE_DISTRICT", "5603"),
	),
	"10001": _american(
		610070,
		"NY",
		_levy("4.5", "NEW YORK CITY", "CITY", "5701"),
		_levy("0.375", "METROPOLITAN COMMUTER TRANSPORTATION DISTRICT", "TRANSIT_DISTRICT", "5702"),
		taxes_freight=True,
	),
	"80202": _american(
		310820,
		"CO",
		_levy("4.81", "DENVER", "CITY", "5801"),
		_levy("1.1", "REGIONAL TRANSPORTATION DISTRICT", "TRANSIT_DISTRICT", "5802"),
		fee=_RETAIL_DELIVERY_FEE,
	),
	"97201": _american(510610, "OR"),
	"00901": _american(721270, "PR", _levy("1.0", "SAN JUAN", "CITY", "5901"), taxes_freight=True),
}
BY_STATE: dict[str, Area] = {code: _american(9000000 + number, code) for number, code in enumerate(STATES, 1)}
BY_PROVINCE: dict[str, Area] = {
	code: _canadian(9000000 + number, code) for number, code in enumerate(PROVINCES, 1)
}
# By the first three characters of the postal code.
BY_POSTAL_CODE: dict[str, Area] = {
	"M5V": _canadian(351000, "ON"),
	"V6B": _canadian(591000, "BC"),
	"H2Y": _canadian(241000, "QC"),
}


def _foreign(number: int, country: str) -> Area:
	jurisdiction = Jurisdiction(country, "COUNTRY", str(8000 + number))
	return Area(f"80{number:07d}", "", (Levy(jurisdiction),))


BY_COUNTRY: dict[str, Area] = {
	code: _foreign(number, code)
	for number, code in enumerate(sorted(COUNTRIES), 1)
	if code not in ("US", "CA")
}
ELSEWHERE = _foreign(0, "ELSEWHERE")
BY_ID: dict[str, Area] = {
	area.id: area
	for areas in (BY_ZIP, BY_STATE, BY_POSTAL_CODE, BY_PROVINCE, BY_COUNTRY)
	for area in areas.values()
} | {ELSEWHERE.id: ELSEWHERE}
