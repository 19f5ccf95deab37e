"""The rota by API."""
