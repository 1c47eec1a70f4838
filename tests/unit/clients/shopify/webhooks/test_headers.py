from medgrid.clients.shopify.webhooks.headers import read_headers


def test_topic_and_shop_are_in_small_letters_and_bounded():
	said = read_headers({"X-Shopify-Topic": " Orders/Updated ", "X-Shopify-Shop-Domain": "A" * 500})
	assert (said.topic, said.shop) == ("orders/updated", "a" * 140)


def test_headers_may_be_missing():
	said = read_headers({})
	assert (said.topic, said.shop) == ("", "")


def test_no_header_says_when_something_happened():
	said = read_headers({"X-Shopify-Triggered-At": "2026-06-18T14:30:05Z"})
	assert set(vars(said)) == {"topic", "shop"}
