"""ShipStation's V1 API (https://ssapi.shipstation.com).

Where the simulator is stricter or simpler than ShipStation, the module that decides it says so.
"""
