"""What lowalt answers: a decision, a status for every rule, obligations, and what is missing."""

from lowalt.verdicts.decisions import Decision, Status
from lowalt.verdicts.findings import Finding, Missing, Place
from lowalt.verdicts.legs import LegVerdict
from lowalt.verdicts.not_held import NotHeld
from lowalt.verdicts.obligations import Item, Obligation
from lowalt.verdicts.verdict import Record, Verdict

__all__ = [
    "Decision",
    "Finding",
    "Item",
    "LegVerdict",
    "Missing",
    "NotHeld",
    "Obligation",
    "Place",
    "Record",
    "Status",
    "Verdict",
]
