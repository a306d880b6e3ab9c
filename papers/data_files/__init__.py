"""The field as reviewable data files, and their way into the database."""

from papers.data_files.loading import Report, check_catalogue, load_catalogue

__all__ = ["Report", "check_catalogue", "load_catalogue"]
