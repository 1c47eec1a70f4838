"""Text of others where Frappe shows it: in Desk's views, in prints, suggestions and exports."""
