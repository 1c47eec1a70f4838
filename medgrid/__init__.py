"""MedGrid: catalog, vendor integrations and the Exoceuticals store of a medical wholesaler, on ERPNext."""

__version__ = "1.0.0"
