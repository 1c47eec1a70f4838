"""Where tokens and calculations are, for each of Vertex' deployments. Pure."""

import re
from dataclasses import dataclass
from enum import Enum

# `<customer>.ondemand.vertexinc.com`, or with a region: `<customer>.<region>.ondemand.vertexinc.com`.
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ON_DEMAND = re.compile(rf"{_LABEL}(?:\.{_LABEL})?\.ondemand\.vertexinc\.com", re.ASCII)


class Deployment(Enum):
	"""How a merchant uses Vertex; the values are the options of the field `deployment`."""

	CLOUD = "Cloud"
	CLOUD_LEGACY = "Cloud Legacy"
	ON_DEMAND = "On-Demand"


@dataclass(frozen=True)
class Endpoints:
	"""The addresses of one deployment.

	:param token_url: scheme and host of the token endpoint.
	:param token_path: its path.
	:param base_url: scheme and host of the calculation.
	:param grant: what a token request has besides the credentials.
	:param limits_tokens: whether the provider issues only some tokens in a period of time.
	"""

	token_url: str
	token_path: str
	base_url: str
	grant: tuple[tuple[str, str], ...] = ()
	limits_tokens: bool = False


_CALCULATION = "https://calcconnect.vertexsmb.com"
_SCOPE = ("scope", "calc-rest-api")


def endpoints_of(deployment: Deployment, host: str | None, replacement: str | None = None) -> Endpoints:
	"""The addresses of a merchant's deployment.

	:param host: the merchant's own host; only for On-Demand.
	:param replacement: scheme and host that replace all of Vertex', from the site's configuration.
	:raises ValueError: the deployment needs a host, and this is not one of Vertex'.
	"""
	if deployment is Deployment.ON_DEMAND:
		if not is_on_demand_host(host or ""):
			raise ValueError("not a host of Vertex On-Demand")
		own = f"https://{host}"
		return Endpoints(replacement or own, "/oseries-auth/oauth/token", replacement or own)
	calculation = replacement or _CALCULATION
	if deployment is Deployment.CLOUD_LEGACY:
		token_url = replacement or "https://auth.vertexsmb.com"
		return Endpoints(token_url, "/identity/connect/token", calculation, (_SCOPE,))
	token_url = replacement or "https://auth.vertexcloud.com"
	grant = (("audience", "verx://migration-api"), _SCOPE)
	return Endpoints(token_url, "/oauth/token", calculation, grant, limits_tokens=True)


def is_on_demand_host(host: str) -> bool:
	"""Whether a host is a customer's at Vertex On-Demand. Credentials are sent to no other host."""
	return len(host) <= 253 and _ON_DEMAND.fullmatch(host) is not None
