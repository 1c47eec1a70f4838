"""ShipStation: orders of one vendor go there, tracking numbers come back. API V1, Basic auth.

A vendor finds key and secret under Account Settings → API Settings; nothing else has to be configured there.

Modules: `client` (HTTP, retries) over `request_window` (40 requests a minute, shared by all workers); `models` (what
goes out and comes in); `eligibility` → `payload` → `push` (claim, call, record); `tracking` → `shipments` →
`delivery_notes`; `operations` is what the hub calls.
"""
