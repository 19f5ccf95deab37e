"""Figures and paper: indicators, frozen data sets, PDF reports and their delivery.

The room is empty for now. It will look down at every storey; no storey may look up at it.
"""
