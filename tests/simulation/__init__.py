"""A whole season lived through on the real actions, from one seed, and an evening's queue at the door."""
