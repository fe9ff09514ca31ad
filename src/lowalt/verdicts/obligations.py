"""What the operator owes somebody, by when, and whether it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lowalt.regulations.model import Bilingual, Verification
from lowalt.terms import Jurisdiction


@dataclass(frozen=True, slots=True)
class Item:
    """One of several things that an obligation asks for together.

    Attributes
    ----------
    text
        What it is.
    field
        Path in the plan that states it; empty where it follows from several facts.
    met
        Whether it is there; ``None`` where that is not known.
    """

    text: Bilingual
    field: str
    met: bool | None


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something the operator must obtain, tell or confirm.

    Attributes
    ----------
    kind
        ``approval``, ``confirmation`` or ``filing``; ``advice`` for a time limit known only from
        memory, which binds nobody; ``report`` for what is told after the flight if something went
        wrong in it.
    citation, instrument, label
        Provision it rests on, and the same for people.
    addressee
        To whom it is owed.
    items
        What to hand in, where several things are asked for together.
    due
        Latest time, in the time zone of the law; ``None`` where the law sets none, and where it
        counts in working days of a year whose holidays are not announced.
    met
        Whether it is met already; ``None`` where that is not known.
    reachable
        Whether there was still time for it at ``submitted_at``; ``None`` where either is unknown.
    certain
        Whether it is owed whatever the unknowns turn out to be.
    jurisdiction
        Whose law asks for it; ``None`` for a standard or a rule of one's own.
    lead
        The same time as the law counts it, such as "13 working days before"; empty where it sets
        none.
    ends_before_due
        Whether it is to be done *before* the due time, so that the due time itself is too late.
    asked
        Whether the operator's own part was done in time, whatever the answer; ``None`` where that
        is not known, or the law sets no time.
    done_at
        When the operator's own part was or will be done, in the time zone of the law; the end of
        the day where the plan states a day. What goes with an application is done with it.
        ``None`` where the plan does not say.
    answered
        Whether the authority has said yes; ``None`` where that is not known, or no answer is due.
    answered_at
        When it answered or will, where the plan says so.
    answer_by, answer_lead
        By when it answers, where the law says so: as a time, and as the law counts it.
    verification
        How far the text was read.
    """

    kind: str
    citation: str
    instrument: Bilingual
    label: Bilingual
    addressee: Bilingual
    action: Bilingual
    items: tuple[Item, ...]
    due: datetime | None
    met: bool | None
    reachable: bool | None
    certain: bool
    jurisdiction: Jurisdiction | None
    lead: Bilingual
    ends_before_due: bool
    asked: bool | None
    done_at: datetime | None
    answered: bool | None
    answered_at: datetime | None
    answer_by: datetime | None
    answer_lead: Bilingual
    verification: Verification

    def cited(self, lang: str) -> str:
        """Write the citation for people: instrument and place in it."""
        return f"{self.instrument[lang]}{'' if lang == 'zh' else ' '}{self.label[lang]}"

    def in_time(self, moment: datetime) -> bool | None:
        """Whether a moment is early enough for it; ``None`` where the due time is not known."""
        if self.due is None:
            return None
        return moment < self.due if self.ends_before_due else moment <= self.due
