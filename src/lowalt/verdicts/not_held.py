"""What binds a flight and is not held: nobody should take silence for leave."""

from __future__ import annotations

from dataclasses import dataclass

from lowalt.regulations.model import Bilingual, Craft
from lowalt.terms import Jurisdiction


@dataclass(frozen=True, slots=True)
class NotHeld:
    """Law that a flight is under, or may be, and that was not asked.

    Attributes
    ----------
    jurisdiction
        Whose law it is; ``None`` beside a standard or a rule of one's own.
    craft
        Aircraft that it binds.
    text
        What is not held, and whom to ask.
    """

    jurisdiction: Jurisdiction | None
    craft: Craft
    text: Bilingual

    def said(self, lang: str) -> str:
        """Write it in one line, with the place and the aircraft.

        Examples
        --------
        >>> text = {"zh": "机组执照；请向民航局核实。", "en": "crew licences; ask the CAAC."}
        >>> NotHeld(Jurisdiction.MAINLAND, Craft.MANNED, text).said("en")
        'the Mainland, manned aircraft: crew licences; ask the CAAC.'
        """
        colon, comma = ("：", "，") if lang == "zh" else (": ", ", ")
        place = () if self.jurisdiction is None else (self.jurisdiction.label(lang),)
        craft = () if self.craft is Craft.ALL else (_AIRCRAFT[self.craft][lang == "en"],)
        head = comma.join((*place, *craft))
        return f"{head}{colon}{self.text[lang]}" if head else self.text[lang]


_AIRCRAFT = {
    Craft.UNMANNED: ("无人驾驶航空器", "unmanned aircraft"),
    Craft.MANNED: ("有人驾驶航空器", "manned aircraft"),
}
