"""The GraphQL client against the simulated Shopify: points, retries, errors, pages, tokens.

Contract: "Integration-Specific Error Codes", "External System Rate Limits".
"""

import json
import logging
import secrets
import threading
import time
import traceback
from dataclasses import replace

import frappe
import pytest
from pydantic import SecretStr

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.cost_bucket import CostBucket
from medgrid.clients.shopify.documents import ORDER_CREATE, PRODUCT_VARIANTS, WEBHOOK_SUBSCRIPTION_CREATE
from medgrid.clients.shopify.errors import ScopeMissing, ShopNotFound, StoreLocked, UserErrors
from medgrid.clients.shopify.oauth.tokens import FixedToken
from medgrid.http_client.errors import (
	CredentialsRejected,
	DeadlineExceeded,
	NotSent,
	OutcomeUnknown,
	PaymentRequired,
	RateLimited,
	RequestRejected,
	ServiceUnavailable,
	UnexpectedResponse,
)

SCOPES = ["read_products", "read_inventory", "read_orders", "write_orders"]
APP = "custom-app"
PASSING = ("status", "internal", "malformed", "half", "null", "drop_after")


class Store:
	"""A new shop in the simulator, with a token for it."""

	def __init__(self, control, **settings):
		self.control = control
		self.domain = f"mgt-{secrets.token_hex(4)}.myshopify.com"
		control.add_shop(self.domain, **settings)
		self.token = control.issue_token(self.domain, SCOPES, APP)

	def client(self, token: str | None = None, seconds: float = 60, **options) -> ShopifyClient:
		return ShopifyClient(
			options.pop("url", self.control.base_url(self.domain)),
			FixedToken(SecretStr(token or self.token)),
			CostBucket(frappe.cache, APP, self.domain),
			deadline=time.monotonic() + seconds,
			**options,
		)

	def received(self, operation: str) -> list[dict]:
		return self.control.received(self.domain, operation)

	def variant(self) -> str:
		row = {"title": "D3", "sku": "VD3", "price": "28.50", "quantity": 10}
		return self.control.seed_products(self.domain, [row])[0]["variants"][0]["id"]


@pytest.fixture
def store(site, shopify):
	return Store(shopify)


def shop_name(client) -> str:
	return client.execute("shop", cost=1)["shop"]["name"]


def order_input(variant: str, source: str = "SO-1") -> dict:
	return {"order": {"lineItems": [{"variantId": variant, "quantity": 1}], "sourceIdentifier": source}}


# Errors


@pytest.mark.parametrize(
	("status", "kind"),
	[
		(401, CredentialsRejected),
		(402, PaymentRequired),
		(403, ScopeMissing),
		(404, ShopNotFound),
		(423, StoreLocked),
	],
)
def test_a_status_that_will_not_change_is_an_error_at_once(store, status, kind):
	store.control.fault("status", status=status, domain=store.domain)
	with pytest.raises(kind, match=f"HTTP {status}"):
		store.client().execute("order_create", order_input("gid://shopify/ProductVariant/1"), cost=10)
	assert len(store.received("order_create")) == 1


def test_a_revoked_token_is_rejected(store):
	store.control.revoke_token(store.domain)
	with pytest.raises(CredentialsRejected):
		shop_name(store.client())


@pytest.mark.parametrize(("state", "kind"), [("frozen", PaymentRequired), ("locked", StoreLocked)])
def test_a_store_that_is_closed_says_so(store, state, kind):
	store.control.set_shop(store.domain, state=state)
	with pytest.raises(kind):
		shop_name(store.client())


def test_a_wrong_version_is_told_like_a_wrong_shop(store):
	with pytest.raises(ShopNotFound):
		shop_name(store.client(api_version="1999-01"))


def test_a_missing_scope_is_named(store):
	token = store.control.issue_token(store.domain, ["read_products"], "other-app")
	with pytest.raises(ScopeMissing, match="read_orders"):
		store.client(token).execute("order_by_source", {"query": "source_identifier:'x'"}, cost=50)


def test_user_errors_carry_field_and_message(store):
	with pytest.raises(UserErrors) as caught:
		store.client().mutate(ORDER_CREATE, {"order": {"lineItems": []}})
	assert caught.value.errors[0].message
	assert str(caught.value.errors[0]) in str(caught.value)


def test_a_query_that_shopify_refuses_is_refused_with_its_words(store):
	with pytest.raises(RequestRejected, match="no-id"):
		store.client().execute("order_status", {"id": "no-id"}, cost=101)


def test_nobody_listening_is_unavailable(store):
	with pytest.raises(NotSent):
		shop_name(store.client(url="http://127.0.0.1:9", seconds=10))


# Retries


@pytest.mark.parametrize(
	"kind", ["status", "internal", "malformed", "half", "null", "drop_after", "too_many"]
)
def test_a_query_is_repeated_after_a_passing_failure(store, kind):
	store.control.fault(kind, operation="shop", status=500, seconds=0.1)
	assert shop_name(store.client())
	assert len(store.received("shop")) == 2


def test_a_query_is_repeated_three_times_and_no_more(store):
	store.control.fault("status", status=503, times=None, operation="shop")
	with pytest.raises(ServiceUnavailable):
		shop_name(store.client())
	assert len(store.received("shop")) == 4


def test_too_many_requests_for_too_long_is_a_rate_limit_error(store):
	store.control.fault("too_many", times=None, operation="shop", seconds=0.1)
	with pytest.raises(RateLimited):
		shop_name(store.client())
	assert len(store.received("shop")) == 4


@pytest.mark.parametrize("kind", PASSING)
def test_a_mutation_whose_outcome_is_not_known_is_not_repeated(store, kind):
	variant = store.variant()
	store.control.fault(kind, operation="order_create", status=502, processed=True)
	with pytest.raises(OutcomeUnknown):
		store.client().mutate(ORDER_CREATE, order_input(variant))
	assert len(store.received("order_create")) == 1


@pytest.mark.parametrize("kind", ["throttled", "too_many"])
def test_a_mutation_that_was_certainly_not_done_is_repeated(store, kind):
	variant = store.variant()
	store.control.fault(kind, operation="order_create", seconds=0.1)
	assert store.client().mutate(ORDER_CREATE, order_input(variant)).id
	assert len(store.control.orders(store.domain)) == 1


def test_a_mutation_that_is_as_good_twice_is_repeated(store):
	store.control.fault("status", status=502, operation="webhook_subscription_create")
	result = store.client().mutate(
		WEBHOOK_SUBSCRIPTION_CREATE,
		{"topic": "APP_UNINSTALLED", "uri": "https://medgrid.example/hook"},
		repeatable=True,
	)
	assert result.id


def test_a_redirect_is_not_followed(store):
	store.control.fault("status", status=302, operation="shop", times=None)
	with pytest.raises(UnexpectedResponse):
		shop_name(store.client())


# The bucket


def test_a_query_waits_before_it_would_be_throttled(store):
	client = store.client()
	shop_name(client)
	store.control.fill_bucket(store.domain, 0)
	# Learned from this answer: the bucket is empty.
	store.control.fault("throttled", operation="shop")
	shop_name(client)
	store.control.seed_products(store.domain, [{"title": "A", "sku": "A"}])
	client.execute("product_variants", {"first": 50}, cost=152)
	answers = store.received("product_variants")
	assert len(answers) == 1, "it was sent too early, and throttled"


def test_what_one_worker_learned_another_one_heeds(store):
	shop_name(store.client())
	bucket = store.client().bucket
	# 2,000 points less the shop query, and 100 a second.
	assert bucket.acquire(1500, "one") == 0
	assert bucket.acquire(1500, "two") > 5


def test_a_bucket_that_nobody_knows_yet_lets_everybody_through(site):
	bucket = CostBucket(frappe.cache, APP, secrets.token_hex(8))
	assert bucket.acquire(100_000, "one") == 0


def test_a_query_that_costs_more_than_the_bucket_holds_waits_for_a_full_one_and_not_for_ever(site):
	bucket = CostBucket(frappe.cache, APP, secrets.token_hex(8))
	bucket.release(1, "x", (1000, 1000, 50))
	assert bucket.acquire(5000, "one") == 0


def test_points_of_others_that_are_under_way_are_held_back(site):
	bucket = CostBucket(frappe.cache, APP, secrets.token_hex(8))
	bucket.release(1, "x", (1000, 1000, 1))
	assert bucket.acquire(600, "theirs") == 0
	assert bucket.acquire(300, "mine") == 0
	# Shopify has not charged theirs yet.
	bucket.release(300, "mine", (1000, 700, 1))
	assert bucket.acquire(200, "again") > 0


def test_an_answer_that_was_overtaken_does_not_bring_points_back(site):
	bucket = CostBucket(frappe.cache, APP, secrets.token_hex(8))
	bucket.release(1, "x", (1000, 1000, 0.001))
	assert bucket.acquire(300, "first") == 0
	assert bucket.acquire(300, "second") == 0
	# Shopify charged the first, then the second; the second's answer came first.
	bucket.release(300, "second", (1000, 400, 0.001))
	bucket.release(300, "first", (1000, 700, 0.001))
	assert bucket.acquire(500, "third") > 0


def test_no_stored_state_holds_a_shop_for_minutes(site):
	bucket = CostBucket(frappe.cache, APP, secrets.token_hex(8))
	bucket.release(1, "x", (1000, -1_000_000, 1e-9))
	assert bucket.acquire(1, "next") <= 100
	bucket.close(10**9)
	assert bucket.acquire(1, "next") <= 100


def test_a_wait_beyond_the_deadline_is_refused_at_once(store):
	shop_name(store.client())
	bucket = store.client().bucket
	bucket.release(1, "x", (2000, 0, 1))
	with pytest.raises(DeadlineExceeded):
		store.client(seconds=30).execute("product_variants", {"first": 250}, cost=752)
	assert store.received("product_variants") == []


def test_workers_side_by_side_are_never_throttled(shopify, site):
	store = Store(shopify, bucket_size=1000, restore_rate=500)
	store.control.seed_products(store.domain, [{"title": f"P{n}", "sku": f"P{n}"} for n in range(100)])
	shop_name(store.client())
	sent = []

	def work():
		client = ShopifyClient(
			store.control.base_url(store.domain),
			FixedToken(SecretStr(store.token)),
			CostBucket(cache, APP, store.domain),
			deadline=time.monotonic() + 60,
		)
		for _number in range(4):
			client.execute("product_variants", {"first": 100}, cost=302)
			sent.append(1)

	cache = frappe.cache
	threads = [threading.Thread(target=work) for _number in range(3)]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()
	assert len(sent) == 12
	assert len(store.received("product_variants")) == 12, "some were throttled and sent again"


def test_what_shopify_says_a_query_costs_counts_more_than_what_we_think(store):
	client = store.client()
	client.execute("product_variants", {"first": 250}, cost=1)
	store.control.fill_bucket(store.domain, 0)
	client.bucket.release(1, "x", (2000, 0, 1))
	with pytest.raises(DeadlineExceeded):
		client.execute("product_variants", {"first": 250}, cost=1)
	assert len(store.received("product_variants")) == 1


def test_a_429_closes_the_bucket_for_every_worker_as_long_as_it_says(store):
	shop_name(store.client())
	store.control.fault("too_many", operation="shop", seconds=30)
	with pytest.raises(DeadlineExceeded):
		shop_name(store.client(seconds=20))
	assert 25 < store.client().bucket.acquire(1, "other") <= 30


def test_a_shorter_wait_does_not_open_what_a_longer_one_closed(site):
	bucket = CostBucket(frappe.cache, APP, secrets.token_hex(8))
	bucket.close(30)
	# A second worker's 429, under way at the same time, says less.
	bucket.close(1)
	assert 25 < bucket.acquire(1, "other") <= 30


# Time


def test_nothing_is_begun_when_no_time_is_left(store):
	with pytest.raises(DeadlineExceeded):
		shop_name(store.client(seconds=1))
	assert store.received("shop") == []


def test_paging_ends_with_the_time_even_if_the_bucket_is_full(store):
	store.control.make_products(store.domain, 50)
	store.control.fault("slow", operation="product_variants", seconds=0.6, times=None)
	client = store.client(seconds=4)
	pages = client.pages(replace(PRODUCT_VARIANTS, cost=5), {"first": 1})
	with pytest.raises(DeadlineExceeded):
		list(pages)


def test_an_answer_that_comes_too_late_for_what_is_left_is_out_of_time_and_not_a_failure(store):
	store.control.fault("slow", operation="shop", seconds=6)
	with pytest.raises(DeadlineExceeded):
		shop_name(store.client(seconds=3.5))


def test_a_mutation_whose_answer_comes_too_late_is_in_doubt(store):
	variant = store.variant()
	store.control.fault("slow", operation="order_create", seconds=6)
	with pytest.raises(OutcomeUnknown):
		store.client(seconds=3.5).mutate(ORDER_CREATE, order_input(variant))


def test_a_jobs_own_time_out_is_not_taken_for_shopifys(store):
	class JobTimedOut(Exception):
		pass

	def expire(*_arguments, **_options):
		raise JobTimedOut("over")

	client = store.client(observer=expire)
	with pytest.raises(JobTimedOut):
		shop_name(client)
	assert len(store.received("shop")) == 1


# Pages


def test_pages_come_one_at_a_time_and_each_variant_once(store):
	store.control.make_products(store.domain, 7, variants_each=3)
	client = store.client()
	pages = client.pages(PRODUCT_VARIANTS, {"first": 5})
	first = next(pages)
	assert len(store.received("product_variants")) == 1
	variants = [*first.nodes, *(variant for page in pages for variant in page.nodes)]
	assert len(variants) == len({variant.id for variant in variants}) == 21


def test_a_page_without_what_it_promises_is_an_unexpected_answer(store):
	page = {"nodes": [{"id": 1}], "pageInfo": {"hasNextPage": False}}
	body = json.dumps({"data": {"productVariants": page}})
	store.control.fault("status", status=200, body=body, operation="product_variants", times=None)
	pages = store.client().pages(PRODUCT_VARIANTS, {"first": 5})
	with pytest.raises(UnexpectedResponse):
		next(pages)


# Secrets


def test_the_token_is_in_no_log_and_no_traceback(store, caplog):
	caplog.set_level(logging.DEBUG)
	store.control.fault("drop_after", operation="shop", times=None)
	try:
		shop_name(store.client())
	except ServiceUnavailable as error:
		text = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
	assert store.token not in text
	assert store.token not in caplog.text
