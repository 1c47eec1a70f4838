"""Who may call: clients with their tokens, companies, and the identity server of the connector's callers."""
