"""The website's contact form: each visitor becomes a Lead, and each message a comment on it.

Data flow: `contact_api` (size, fields, rate) → `ContactMessage` → `inbox` (stored in a `queue` with an
end, then a job; above the site's limit on `hold`) → `leads.record` (one Lead for each e-mail address).
"""
