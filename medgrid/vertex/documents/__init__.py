"""Sales tax on ERPNext's own documents. Design (Vertex): section 4."""
