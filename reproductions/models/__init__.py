"""Rows of the ledger and of the runs that test it. Facts only; what acts on them lives beside."""

from reproductions.models.attestation import Attestation, Runner
from reproductions.models.claim import Claim, Judgement
from reproductions.models.number import Disagreement, DisagreementPart, PublishedNumber
from reproductions.models.run import CurvePoint, Measurement, Run, RunLine
from reproductions.models.table import SurveyTable, SurveyTableVersion

__all__ = [
    "Attestation",
    "Claim",
    "CurvePoint",
    "Disagreement",
    "DisagreementPart",
    "Judgement",
    "Measurement",
    "PublishedNumber",
    "Run",
    "RunLine",
    "Runner",
    "SurveyTable",
    "SurveyTableVersion",
]
