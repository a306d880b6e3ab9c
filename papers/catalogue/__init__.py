"""The field as reviewable data files, and their way into the database."""

from papers.catalogue.loading import check_catalogue, load_catalogue
from papers.catalogue.reporting import Report

__all__ = ["Report", "check_catalogue", "load_catalogue"]
