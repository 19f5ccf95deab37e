"""Tests, in the order of the storeys; how strictly they look is decided in `harness.py`."""
