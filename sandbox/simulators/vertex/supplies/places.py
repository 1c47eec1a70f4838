"""An address becomes a tax area, or a refusal that names the address."""

from sandbox.simulators.vertex.errors import InvalidAddress
from sandbox.simulators.vertex.supplies import rates
from sandbox.simulators.vertex.supplies.areas import Area
from sandbox.simulators.vertex.supplies.divisions import COUNTRIES, province_code, state_code
from sandbox.simulators.vertex.supplies.models import Location

USA = {"US", "USA", "UNITED STATES", "UNITED STATES OF AMERICA"}
CANADA = {"CA", "CAN", "CANADA"}
ADDRESS = (
	("Street Information", "street_address1"),
	("Street Information 2", "street_address2"),
	("City", "city"),
	("Sub Division", "sub_division"),
	("Main Division", "main_division"),
	("Postal Code", "postal_code"),
	("Country", "country"),
)


def area_of(location: Location | None) -> Area:
	"""The tax area of an address; a `taxAreaId` wins, and without a country it is the USA.

	:raises InvalidAddress: it has none.
	"""
	if location is None or not location.model_fields_set:
		raise InvalidAddress(
			"The LocationRole being added is invalid: it has no address.", code="VertexApplicationException"
		)
	if location.tax_area_id:
		return _by_id(location.tax_area_id)
	country = (location.country or "US").strip().upper()
	if country in USA:
		area = _american(location)
	elif country in CANADA:
		area = _canadian(location)
	else:
		area = _foreign(country)
	if not area:
		raise InvalidAddress(
			"No tax areas were found during the lookup. The address fields are inconsistent: "
			f"{_words(location)}."
		)
	return area


def _by_id(tax_area_id: str) -> Area:
	if area := rates.BY_ID.get(tax_area_id):
		return area
	raise InvalidAddress(
		f"There is no tax area with the id {tax_area_id}.", code="VertexInvalidTaxAreaIdException"
	)


def _american(location: Location) -> Area | None:
	"""By ZIP code, whatever the state says; else the state's own."""
	if area := rates.BY_ZIP.get((location.postal_code or "").strip()[:5]):
		return area
	return rates.BY_STATE.get(state_code(location.main_division or "") or "")


def _canadian(location: Location) -> Area | None:
	code = (location.postal_code or "").replace(" ", "").upper()[:3]
	if area := rates.BY_POSTAL_CODE.get(code):
		return area
	return rates.BY_PROVINCE.get(province_code(location.main_division or "") or "")


def _foreign(country: str) -> Area:
	"""By two letters. Longer names and codes of other countries are all one area: nothing is taxed there."""
	if len(country) > 2 and country.replace(" ", "").isalpha():
		return rates.ELSEWHERE
	if country not in COUNTRIES:
		raise InvalidAddress(f"The country {country} is not known.", code="VertexInvalidCountryException")
	return rates.BY_COUNTRY[country]


def _words(location: Location) -> str:
	parts = [(title, getattr(location, name)) for title, name in ADDRESS]
	return ", ".join(f"{title}={value}" for title, value in parts if value)
