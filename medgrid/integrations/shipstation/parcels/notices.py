"""ShipStation's webhook SHIP_NOTIFY: a label was bought. It brings tracking within a minute; the hourly pull
brings what a lost webhook did not.

The body is not signed. So the address contains a secret of the connection and its account, and MedGrid takes
only the batch number from the body: it requests the labels from ShipStation's own host.
"""

import hmac
import re
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import frappe

from medgrid.clients.shipstation.client import ShipStationClient
from medgrid.clients.shipstation.shipments import to_pacific
from medgrid.clients.shipstation.webhooks import SHIP_NOTIFY, ShipNotice
from medgrid.core import rate_limits, secrets
from medgrid.core.clock import utc_now
from medgrid.core.faults.borders import job
from medgrid.core.jobs import SHORT, enqueue_after_commit
from medgrid.core.rate_limits import MINUTE, Limit
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import MedgridError, TooManyRequests
from medgrid.http_client.errors import IntegrationError
from medgrid.integrations.connections import records
from medgrid.integrations.connections.fields import DOCTYPE
from medgrid.integrations.connections.records import Connection
from medgrid.integrations.shipstation.client import client_of, context_of
from medgrid.integrations.shipstation.parcels.open_pushes import by_push, open_pushes
from medgrid.integrations.shipstation.parcels.shipments import apply_shipments
from medgrid.services.base_urls import base_url
from medgrid.services.failure_texts import failure_text
from medgrid.webhooks.events import Event
from medgrid.webhooks.source import (
	Delivery,
	Handler,
	HandlerResult,
	Signer,
	Source,
	WebhookOutcome,
	json_object,
)

# The parameters of the webhook's address, as headers.
CONNECTION, SECRET = "medgrid-connection", "medgrid-secret"
PATH = "/api/method/medgrid.integrations.shipstation_webhook"
JOB_SECONDS = 50
# So old is a label at most of which a webhook speaks that names no batch.
RECENT = timedelta(hours=3)
# ShipStation's servers: ssapi.shipstation.com, ssapi6.shipstation.com, …
OWN_HOSTS = re.compile(r"[a-z0-9-]+\.shipstation\.com")
# The webhooks of one connection that get a job of their own, and all of them.
OWN_JOBS = Limit("shipstation jobs of webhooks, one connection", times=10, seconds=MINUTE)
NOTICES = Limit("shipstation webhooks, one connection", times=60, seconds=MINUTE)
_BATCH = re.compile(r"[0-9]{1,19}", re.ASCII)


def target_url(connection: Connection) -> str:
	"""The address to which ShipStation sends a connection's webhooks."""
	secret = _secret(connection.name, connection.account or "")
	return frappe.utils.get_url(f"{PATH}?connection={connection.name}&secret={secret}")


def subscribe(client: ShipStationClient, connection: Connection) -> None:
	"""Subscribes a connection, once. If ShipStation does not do it, the pull goes on by itself, and the next
	sync asks again. Commits."""
	if frappe.db.get_value(DOCTYPE, connection.name, "webhook_subscription"):
		return
	address = target_url(connection)
	if urlsplit(address).scheme != "https" and urlsplit(base_url("shipstation")).scheme == "https":
		# The secret would travel in clear.
		return
	try:
		subscription = client.subscribe(address)
	except IntegrationError as error:
		frappe.logger("medgrid").warning(f"No webhook of ShipStation: {failure_text(error)}")
		return
	filters = {"name": connection.name, "account": connection.account}
	in_transaction(lambda: frappe.db.set_value(DOCTYPE, filters, "webhook_subscription", subscription))


def _secret(connection: str, account: str) -> str:
	return secrets.fingerprint("shipstation webhook", f"{connection}:{account}")


def _verify(body: bytes, headers: Mapping[str, str]) -> Signer | None:
	given, name = headers.get(SECRET) or "", headers.get(CONNECTION) or ""
	filters = {"name": name, "integration": "shipstation", "status": ("!=", "not_connected")}
	account = frappe.db.get_value(DOCTYPE, filters, "account") if name else None
	expected = _secret(name, account or "")
	is_same = hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())
	return Signer(name) if is_same and account else None


def _read(body: bytes, headers: Mapping[str, str], signer: Signer) -> Delivery:
	content = json_object(body)
	topic = content.get("resource_type")
	is_known = topic in (SHIP_NOTIFY, f"ITEM_{SHIP_NOTIFY}")
	# The bodies of two accounts may be the same.
	identity = signer.secret.encode() + b"\n" + body
	return Delivery(signer, SHIP_NOTIFY.lower() if is_known else "", content, identity)


def _note_shipment(delivery: Delivery) -> HandlerResult:
	"""Queues the job that asks for the labels of which the webhook speaks."""
	notice = ShipNotice.model_validate(delivery.content)
	if not is_of_shipments(notice.resource_url):
		return HandlerResult(WebhookOutcome.IGNORED, error="not an address of ShipStation's shipments")
	connection, batch = delivery.signer.secret, batch_of(notice.resource_url)
	job_id = None
	if not _has_room(connection):
		batch, job_id = None, f"medgrid-shipstation-notices-{connection}"
	options = {"queue": SHORT, "timeout": 2 * JOB_SECONDS, "job_id": job_id}
	enqueue_after_commit(pull_batch, **options, connection=connection, batch=batch)
	return HandlerResult(WebhookOutcome.UPDATED)


def _has_room(connection: str) -> bool:
	"""Whether a webhook gets a job of its own; beyond that, one job pulls all of the last hours. A vendor
	sees the address and its secret in ShipStation, and could send any number of batches."""
	try:
		rate_limits.take((OWN_JOBS, connection))
	except TooManyRequests:
		return False
	return True


def is_of_shipments(resource_url: str) -> bool:
	"""Whether an address is one of ShipStation's lists of shipments."""
	try:
		parts = urlsplit(resource_url)
		host = parts.hostname or ""
	except ValueError:
		return False
	is_own = host == urlsplit(base_url("shipstation")).hostname or OWN_HOSTS.fullmatch(host)
	return bool(is_own) and parts.path.rstrip("/").endswith("/shipments")


def batch_of(resource_url: str) -> str | None:
	"""The number of the batch in an address of ShipStation's shipments; None: it has none."""
	try:
		query = parse_qs(urlsplit(resource_url).query, max_num_fields=20)
	except ValueError:
		return None
	batch = {name.lower(): values[0] for name, values in query.items()}.get("batchid", "")
	return batch if _BATCH.fullmatch(batch) else None


@job
def pull_batch(connection: str, batch: str | None) -> None:
	"""Pulls the labels of a batch. If ShipStation does not answer, the next pull brings them. Commits.

	:param batch: None: the labels of the last hours.
	"""
	try:
		stored = records.get(connection)
		if stored.paused or not stored.supplier:
			return
		context = context_of(stored)
		with client_of(stored, time.monotonic() + JOB_SECONDS) as client:
			found = client.shipments_of_batch(batch) if batch else client.shipments_since(_recently())
		apply_shipments(by_push(found.shipments, open_pushes(context)))
	except MedgridError as error:
		frappe.logger("medgrid").warning(f"ShipStation: batch {batch} was not pulled: {failure_text(error)}")


def _recently() -> str:
	return to_pacific(utc_now() - RECENT)


def _respond(event: Event) -> dict[str, Any]:
	return {"status": "ok"}


WEBHOOKS = Source(
	name="shipstation",
	max_bytes=20_000,
	verify=_verify,
	read=_read,
	handlers={SHIP_NOTIFY.lower(): Handler(_note_shipment)},
	respond=_respond,
	wrong_signatures=Limit("shipstation webhook, one address", times=120, seconds=MINUTE),
	signed=NOTICES,
)
