"""Verbs of intake: what the desk and the door do with people who have names."""
