"""Reads a living survey of dynamic neural networks by its API.

from living_survey import Survey

with Survey("http://127.0.0.1:8000") as survey:
    for paper in survey.search("early exiting").first(5):
        print(paper.year, paper.title)
"""

from living_survey.asking import Refused
from living_survey.asynchronous import AsyncRows, AsyncSurvey
from living_survey.records import Author, Method, Number, Paper, Record, Topic
from living_survey.synchronous import Rows, Survey

__all__ = [
    "AsyncRows",
    "AsyncSurvey",
    "Author",
    "Method",
    "Number",
    "Paper",
    "Record",
    "Refused",
    "Rows",
    "Survey",
    "Topic",
]
