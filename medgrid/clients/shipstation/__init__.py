"""ShipStation's API V1: Basic authentication, and 40 requests per minute and key pair.

A vendor finds key and secret in ShipStation under Account Settings → API Settings, and configures nothing
else there.
"""
