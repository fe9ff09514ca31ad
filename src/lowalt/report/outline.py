"""A condition as an outline: what must hold together, what only one of, in words of both languages.

One long sentence of *and* and *or* leaves open which binds closer; an outline does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from lowalt.regulations.conditions import All, AnyOf, Condition, Not, Some
from lowalt.regulations.model import Bilingual
from lowalt.vocabulary import Scope

_ALL_OF = MappingProxyType({"zh": "同时满足", "en": "all of"})
_ANY_OF = MappingProxyType({"zh": "至少满足其一", "en": "at least one of"})
_SOME = {
    Scope.LEG: MappingProxyType({"zh": "有航段", "en": "on some leg"}),
    Scope.ENCOUNTER: MappingProxyType({"zh": "遇有区域", "en": "in some zone met"}),
}
_NONE = {
    Scope.LEG: MappingProxyType({"zh": "无一航段", "en": "on no leg"}),
    Scope.ENCOUNTER: MappingProxyType({"zh": "未遇有区域", "en": "in no zone met"}),
}


@dataclass(frozen=True, slots=True)
class Outline:
    """One point of an outline with the points under it.

    Attributes
    ----------
    text
        What is tested, or how the points under it are joined.
    parts
        Points under it; none where it is tested itself.
    """

    text: Bilingual
    parts: tuple[Outline, ...] = ()

    def lines(self, lang: str) -> Iterator[tuple[int, str]]:
        """Yield the lines of the outline, each with how deep it stands."""
        colon = "：" if lang == "zh" else ": "
        if not self.parts:
            yield 0, self.text[lang]
        elif len(self.parts) == 1 and not self.parts[0].parts:
            yield 0, self.text[lang] + colon + self.parts[0].text[lang]
        else:
            yield 0, self.text[lang] + colon.rstrip()
            for part in self.parts:
                yield from ((depth + 1, line) for depth, line in part.lines(lang))

    def to_dict(self) -> dict[str, Any]:
        """Write it with the keys ``zh``, ``en`` and, where there are points under it, ``parts``."""
        parts = {"parts": [part.to_dict() for part in self.parts]} if self.parts else {}
        return {"zh": self.text["zh"], "en": self.text["en"], **parts}


def outline(condition: Condition, *, negated: bool = False) -> Outline:
    """Lay a condition, or its contrary, out.

    Examples
    --------
    >>> from lowalt.regulations.authoring import F
    >>> for depth, line in outline(~(F.is_indoor & F.is_commercial)).lines("en"):
    ...     print("  " * depth + line)
    at least one of:
      not: flown wholly indoors
      not: commercial flight
    """
    if isinstance(condition, Not):
        return outline(condition.part, negated=not negated)
    if isinstance(condition, All | AnyOf):
        together = isinstance(condition, All) is not negated
        parts = tuple(outline(part, negated=negated) for part in condition.parts)
        return Outline(_ALL_OF if together else _ANY_OF, parts)
    if isinstance(condition, Some):
        # "On no leg A" keeps A as it is.
        heads = _NONE if negated else _SOME
        return Outline(heads[condition.scope], (outline(condition.part),))
    said = {lang: condition.sentence(lang, negated=negated) for lang in ("zh", "en")}
    return Outline(MappingProxyType(said))
