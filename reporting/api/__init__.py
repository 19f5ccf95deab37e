"""Doors of the reports: API."""
