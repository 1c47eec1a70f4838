"""The carriers' pages that track a parcel."""

import pytest

from medgrid.integrations.vendor_orders.carrier_links import tracking_page


@pytest.mark.parametrize(
	("carrier", "number", "address"),
	[
		("ups", "1Z999AA10123456784", "https://www.ups.com/track?tracknum=1Z999AA10123456784"),
		("UPS_walleted", "1Z9", "https://www.ups.com/track?tracknum=1Z9"),
		("stamps_com", "9400", "https://tools.usps.com/go/TrackConfirmAction?tLabels=9400"),
		("usps", "9400", "https://tools.usps.com/go/TrackConfirmAction?tLabels=9400"),
		("fedex", "7700", "https://www.fedex.com/fedextrack/?trknbr=7700"),
		("dhl_express_worldwide", "12", "https://www.dhl.com/en/express/tracking.html?AWB=12"),
		("fedex", "A/ B&c=1", "https://www.fedex.com/fedextrack/?trknbr=A%2F%20B%26c%3D1"),
		("a carrier of its own", "12", None),
		("", "12", None),
		(None, "12", None),
		("ups", "", None),
		("ups", None, None),
	],
)
def test_a_known_carriers_page_has_the_number_and_an_unknown_carrier_has_none(carrier, number, address):
	assert tracking_page(carrier, number) == address
