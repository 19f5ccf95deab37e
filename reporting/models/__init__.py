"""What reports are made of and what becomes of them: periods, frozen data sets, papers, and who receives them."""

from reporting.models.delivering import Delivery, Recipient
from reporting.models.noted import DefinitionsVersion, EmptyBeds, NightWeather, PlacesSeen, Remark
from reporting.models.reports import Audience, DataSet, Paper, Period, Report

__all__ = [
    "Audience",
    "DataSet",
    "DefinitionsVersion",
    "Delivery",
    "EmptyBeds",
    "NightWeather",
    "Paper",
    "Period",
    "PlacesSeen",
    "Recipient",
    "Remark",
    "Report",
]
