"""Verbs of the ground floor: lock, check, write, record, in one transaction each.

Lock order, written once: occupant, then night; several of a kind by id. An action never starts a task.
"""
