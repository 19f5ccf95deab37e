"""Reports on paper and as files: pure functions of a data set, the same bytes each time."""

from reporting.paper.report import file_name, report_pdf
from reporting.paper.sheet import report_csv

__all__ = ["file_name", "report_csv", "report_pdf"]
