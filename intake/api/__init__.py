"""Intake's part of the API: guests, registrations, the door."""
