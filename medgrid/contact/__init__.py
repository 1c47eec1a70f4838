"""The website's contact form: whoever writes becomes a Lead, and what they write a comment on it.

Data flow: `contact_api` (size, fields, rate) → `ContactMessage` → `inbox` (stored, then a job) →
`leads.record` (one Lead an address).
"""
