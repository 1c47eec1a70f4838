"""Where credentials are sent."""

import pytest

from medgrid.clients.vertex.deployments import Deployment, endpoints_of, is_on_demand_host


@pytest.mark.parametrize(
	("deployment", "host", "token", "calculation"),
	[
		(
			Deployment.CLOUD,
			None,
			"https://auth.vertexcloud.com/oauth/token",
			"https://calcconnect.vertexsmb.com",
		),
		(
			Deployment.CLOUD_LEGACY,
			None,
			"https://auth.vertexsmb.com/identity/connect/token",
			"https://calcconnect.vertexsmb.com",
		),
		(
			Deployment.ON_DEMAND,
			"skydell.na1.ondemand.vertexinc.com",
			"https://skydell.na1.ondemand.vertexinc.com/oseries-auth/oauth/token",
			"https://skydell.na1.ondemand.vertexinc.com",
		),
	],
)
def test_each_deployment_has_its_addresses(deployment, host, token, calculation):
	endpoints = endpoints_of(deployment, host)
	assert endpoints.token_url + endpoints.token_path == token
	assert endpoints.base_url == calculation


@pytest.mark.parametrize("deployment", Deployment)
def test_a_configured_address_replaces_scheme_and_host_and_keeps_the_path(deployment):
	host = "skydell.ondemand.vertexinc.com"
	endpoints = endpoints_of(deployment, host, "http://127.0.0.1:9104")
	assert endpoints.token_url == endpoints.base_url == "http://127.0.0.1:9104"
	assert endpoints.token_path == endpoints_of(deployment, host).token_path


def test_the_grants_differ_and_only_the_cloud_limits_tokens():
	host = "skydell.ondemand.vertexinc.com"
	found = {each: endpoints_of(each, host) for each in Deployment}
	assert {each: dict(endpoints.grant) for each, endpoints in found.items()} == {
		Deployment.CLOUD: {"audience": "verx://migration-api", "scope": "calc-rest-api"},
		Deployment.CLOUD_LEGACY: {"scope": "calc-rest-api"},
		Deployment.ON_DEMAND: {},
	}
	assert [each for each, endpoints in found.items() if endpoints.limits_tokens] == [Deployment.CLOUD]


@pytest.mark.parametrize(
	"host",
	[
		"skydell.ondemand.vertexinc.com",
		"skydell.na1.ondemand.vertexinc.com",
		"a-1.dev.ondemand.vertexinc.com",
	],
)
def test_hosts_of_on_demand(host):
	assert is_on_demand_host(host)


@pytest.mark.parametrize(
	"host",
	[
		"",
		"ondemand.vertexinc.com",
		".ondemand.vertexinc.com",
		"a.b.c.ondemand.vertexinc.com",
		"skydell.ondemand.vertexinc.com.evil.example",
		"evil.example/.ondemand.vertexinc.com",
		"evil.example#.ondemand.vertexinc.com",
		"user@skydell.ondemand.vertexinc.com",
		"skydell.ondemand.vertexinc.com:8443",
		"https://skydell.ondemand.vertexinc.com",
		"skydell.ondemand.vertexinc.com\n",
		"SKYDELL.ondemand.vertexinc.com",
		"-a.ondemand.vertexinc.com",
		"ßkydell.ondemand.vertexinc.com",
		"127.0.0.1",
		"a" * 64 + ".ondemand.vertexinc.com",
	],
)
def test_no_credentials_are_sent_to_any_other_host(host):
	assert not is_on_demand_host(host)
	with pytest.raises(ValueError, match="not a host of Vertex On-Demand"):
		endpoints_of(Deployment.ON_DEMAND, host)
