"""The control API from Python: what tests, the demo and the benchmarks steer a running simulator with."""

from collections.abc import Iterable

from sandbox.simulators.common.remote import RemoteControl


class ShipStationControl(RemoteControl):
	"""Each method is one control call; it raises ControlRefused when the call makes no sense.

	>>> control = ShipStationControl("http://127.0.0.1:9100")
	>>> control.add_account("key", "secret", limit=40, window_seconds=2)
	>>> control.fault("drop_after", path="/orders/createorder")
	"""

	def add_account(self, api_key: str, api_secret: str, limit: int = 40, window_seconds: float = 60) -> None:
		"""A key that exists gets a new secret and limit and keeps its orders."""
		self._call(
			"add_account", api_key=api_key, api_secret=api_secret, limit=limit, window_seconds=window_seconds
		)

	def set_limit(self, api_key: str, limit: int, window_seconds: float = 60) -> None:
		"""Takes effect at once, with a new window."""
		self._call("set_limit", api_key=api_key, limit=limit, window_seconds=window_seconds)

	def set_denial(self, shape: str) -> None:
		"""How a 401 looks: json (`{"Message": …}`), lowercase (`{"message": …}`), html or empty."""
		self._call("set_denial", shape=shape)

	def orders(self, api_key: str) -> list[dict]:
		"""As stored, oldest first."""
		return self._call("orders", api_key=api_key)

	def shipments(self, api_key: str) -> list[dict]:
		"""With their items, the voided ones too, oldest first."""
		return self._call("shipments", api_key=api_key)

	def received(self, api_key: str | None = None) -> list[dict]:
		"""time (Pacific), timestamp, api_key, method, path, query, status (None: no answer), fault, body."""
		return self._call("received", api_key=api_key)

	def buy_label(
		self,
		api_key: str,
		order_key: str | None = None,
		order_id: int | None = None,
		carrier: str = "ups",
		service: str = "ups_ground",
		tracking_number: str | None = None,
		ship_date: str | None = None,
		create_date: str | None = None,
	) -> dict:
		"""Buys a label for an order, named by key or by id, and marks it shipped. Returns the shipment.

		:param tracking_number: by default one that looks right for ups, stamps_com or fedex.
		:param ship_date: `2026-11-21`; by default the day of `create_date`.
		:param create_date: Pacific date and time; by default now.
		"""
		return self._call(
			"buy_label",
			api_key=api_key,
			order_key=order_key,
			order_id=order_id,
			carrier=carrier,
			service=service,
			tracking_number=tracking_number,
			ship_date=ship_date,
			create_date=create_date,
		)

	def void_label(self, shipment_id: int) -> dict:
		"""Without another valid label the order waits for shipment again. Returns the shipment."""
		return self._call("void_label", shipment_id=shipment_id)

	def change_tracking(self, shipment_id: int, tracking_number: str) -> dict:
		return self._call("change_tracking", shipment_id=shipment_id, tracking_number=tracking_number)

	def set_order_status(self, api_key: str, order_id: int, status: str) -> dict:
		"""What a person does in ShipStation: hold, cancel or mark as shipped without a label."""
		return self._call("set_order_status", api_key=api_key, order_id=order_id, status=status)

	def make_orders(self, api_key: str, count: int = 0, keys: Iterable[str] = ()) -> list[dict]:
		"""One open order per key, or `count` with keys of their own. Returns orderId and orderKey of each."""
		keys = list(keys) or [f"BULK-{number:06d}" for number in range(1, count + 1)]
		return self._call("make_orders", api_key=api_key, keys=keys)

	def make_shipments(
		self,
		api_key: str,
		order_ids: Iterable[int] | None = None,
		carrier: str = "ups",
		service: str = "ups_ground",
	) -> list[dict]:
		"""A label for each order, by default all open ones. Returns shipmentId, orderId, trackingNumber."""
		return self._call(
			"make_shipments",
			api_key=api_key,
			order_ids=None if order_ids is None else list(order_ids),
			carrier=carrier,
			service=service,
		)

	def fault(
		self,
		kind: str,
		times: int | None = 1,
		path: str | None = None,
		method: str | None = None,
		seconds: float | None = None,
		status: int | None = None,
		*,
		api_key: str | None = None,
		body: str | None = None,
		processed: bool | None = None,
	) -> None:
		"""Spoils the next `times` requests that match; `faults.Fault` explains each parameter.

		:param kind: too_many, status, timeout_before, timeout_after, drop_after, half, malformed, null, slow.
		"""
		self._call(
			"fault",
			kind=kind,
			times=times,
			path=path,
			method=method,
			seconds=seconds,
			status=status,
			api_key=api_key,
			body=body,
			processed=processed,
		)
