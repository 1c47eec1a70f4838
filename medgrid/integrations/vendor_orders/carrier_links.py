"""The carriers' pages that track a parcel. Pure."""

from urllib.parse import quote

# ShipStation's carrier codes -> the carrier's page; the number goes to its end.
_PAGES = {
	"ups": "https://www.ups.com/track?tracknum=",
	"usps": "https://tools.usps.com/go/TrackConfirmAction?tLabels=",
	"fedex": "https://www.fedex.com/fedextrack/?trknbr=",
	"dhl": "https://www.dhl.com/en/express/tracking.html?AWB=",
	"canada_post": "https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor=",
	"ontrac": "https://www.ontrac.com/tracking/?number=",
}
_CARRIERS = {
	"ups": "ups",
	"ups_walleted": "ups",
	"usps": "usps",
	"stamps_com": "usps",
	"endicia": "usps",
	"express_1": "usps",
	"fedex": "fedex",
	"fedex_walleted": "fedex",
	"dhl_express": "dhl",
	"dhl_express_worldwide": "dhl",
	"canada_post": "canada_post",
	"ontrac": "ontrac",
}


def tracking_page(carrier: str | None, number: str | None) -> str | None:
	"""The address of the carrier's page that tracks a parcel.

	:param carrier: ShipStation's code.
	:returns: None if there is no number, or MedGrid knows no page of the carrier.
	"""
	known = _CARRIERS.get((carrier or "").strip().lower())
	return f"{_PAGES[known]}{quote(number, safe='')}" if known and number else None
