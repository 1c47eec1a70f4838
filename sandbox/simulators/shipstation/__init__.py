"""ShipStation's V1 API (https://ssapi.shipstation.com), played on loopback.

	python -m sandbox.simulators.shipstation --port 9100
	python -m sandbox.simulators.shipstation --print http://127.0.0.1:9100

`server.start(port)` runs it in a thread. `remote.ShipStationControl(url)` adds accounts, buys labels, orders
faults and reads what arrived, over the paths below `/_control/`. Everything else is the public API. State is
in memory and ends with the process.

Where the simulator is stricter or simpler than ShipStation, the module that decides it says so.
"""
