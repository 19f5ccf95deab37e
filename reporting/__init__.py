"""Figures and paper: indicators, frozen data sets, PDF reports and their delivery.

It looks down at every storey; no storey looks up at it. Facts of nights go in, indicators come out; what a figure
means is written beside the function that works it out, and nowhere else.
"""
