"""ShipStation's API V1, with Basic authentication and 40 requests a minute for each key pair.

A vendor finds key and secret under Account Settings → API Settings; nothing else has to be configured there.
"""
