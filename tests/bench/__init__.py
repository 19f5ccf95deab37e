"""Measures the house (`python -m tests.bench`): prints a table and writes `var/bench.json`.

Each subject is a module with `measure()`, which yields a `Row` for everything that it found out.
"""
