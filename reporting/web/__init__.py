"""Doors of the reports: pages."""
