"""The field as reviewable data files, and their way into the database."""

from papers.data_files.loading import check_catalogue, load_catalogue
from papers.data_files.reporting import Report

__all__ = ["Report", "check_catalogue", "load_catalogue"]
