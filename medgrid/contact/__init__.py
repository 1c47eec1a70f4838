"""The website's contact form: each visitor becomes a Lead, and each message a comment on it.

Data flow: `contact_api` (size, fields, rate) → `ContactMessage` → `inbox` (stored, then a job) →
`leads.record` (one Lead for each e-mail address).
"""
