"""The page of mission classes: who may claim one, what it changes, and who goes first.

``make docs-law`` writes it to ``docs/missions.md``; a test compares the two.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from lowalt.missions import (
    MISSIONS,
    NEVER_CHANGES,
    ORDER_HOLDS_FOR,
    RANKS,
    KnownFrom,
    MissionClass,
    Reach,
)
from lowalt.terms import Notice, Term

_INTRODUCTION = f"""\
# Mission classes / 任务类别

This page is generated: do not edit it, run `make docs-law`. A mission changes deadlines, what some
notices of temporary airspace except, and priority; it never changes airspace, airworthiness, ports
or quarantine. lowalt is not legal advice. Whatever rests on no text that was read is marked as our
inference.

本页由程序生成，请勿手改，运行 `make docs-law` 即可更新。任务改变的是申请时限、部分临时管制通告的
除外情形和优先次序，不改变空域、适航、口岸和检疫要求。lowalt 不构成法律意见；没有条文依据的内容均注
明是我们的推论。

## How a claim is judged / 任务声明如何判断

A public task brings its benefits only if it was given to the operator (the fact
`task_is_assigned`): it is the operator's own office, or the plan's `mission.task_order` states an
order that is for this mission, from a body that can order it, given before take-off and valid
then. The same is asked of whatever is filed as urgent, so that a mission which nobody orders is
never urgent. If the facts contradict the claim, the ordinary rules stand and a finding says so
(decree 761 art. 29, decree 371 art. 16(2)). If they are not stated, what hangs on the claim stays
open, and the flight is never permitted by it. A body given as another one settles nothing, nor
does an order past its validity; one that states no validity counts for {ORDER_HOLDS_FOR.days} days.
No text that was read asks for an order in so many words: that, and the days, are our inference.

公共任务只有确实交给运营人，才享有任务带来的便利（事实 `task_is_assigned`）：或者属于本机关职责，
或者计划的 `mission.task_order` 写明了在起飞前、由有权机关、就本项任务下达且届时有效的指令；填报为紧
急的亦同，因此无人下达的任务不属紧急。事实与声明不符的，适用一般规定，并在结论中写明（第761号令第二十
九条、第371号令第十六条第二款）；未写明的，取决于声明的事项保持未定，绝不因此准许飞行。下达机关填“其他
单位”的，或者指令已过有效期的，不足以认定；指令未写明有效期的，按下达后{ORDER_HOLDS_FOR.days}日计。条文
没有要求出示任务指令，也没有规定日数，这是我们的推论。

A public body's own ground is what `operator.own_grounds` outlines: where outlines are stated, they
decide whether the whole airspace of the flight, buffers included, lies over own ground, whatever
`mission.over_own_ground` says (decree 761 art. 31(1)(3)). Work for an airport is inspection, survey
or calibration, inside the airport's control zone where the airspace data hold one; no other mission
becomes it by `mission.airport_facility_work` (art. 31(1)(4)).

公共机关的自有场地以 `operator.own_grounds` 填报的范围为准：填报了范围的，由范围判断飞行空域（含缓
冲）是否全部在自有场地上方，不再看 `mission.over_own_ground`（第761号令第三十一条第一款第三项）。
机场作业仅指巡检、勘察、校验，空域数据有该机场管制地带的，须在其范围内；其他任务不因填报
`mission.airport_facility_work` 而成为机场作业（第四项）。
"""

_NOTICES = {
    Notice.HANDOVER_2022: "2022",
    Notice.NATIONAL_GAMES_2025: "2025",
    Notice.NATIONAL_GAMES_2025_CLOSING: "2025, closing evenings / 2025闭幕当晚",
}


def missions_page() -> str:
    """Write the page.

    Returns
    -------
    str
        Markdown.

    Examples
    --------
    >>> print(missions_page().splitlines()[0])
    # Mission classes / 任务类别
    """
    return "\n".join((_INTRODUCTION, *_claims(), *_benefits(), *_ranks(), *_unchanged()))


def _claims() -> Iterator[str]:
    yield "## Who may claim a mission / 谁可以声明何种任务"
    yield ""
    yield "Published practice is that 120 sends for air rescue, and that blood is flown within the"
    yield "city's blood emergency plan. That others can order a task is our inference."
    yield ""
    yield "公开报道的做法只有120调度空中医疗救护和全市血液应急预案内的血液运送；其余为我们的推论。"
    yield ""
    yield from _table(
        (
            "mission / 任务",
            "own office of, by our inference / 属本机关职责（推论）",
            *(f"ordered by, by {known.en} / 下达机关（{known.zh}）" for known in KnownFrom),
        ),
        (
            (
                f"`{mission.kind.value}` {_both(mission.kind)}",
                _listed(mission.offices),
                *(_ordered_by(mission, known) for known in KnownFrom),
            )
            for mission in MISSIONS.values()
        ),
    )


def _ordered_by(mission: MissionClass, known: KnownFrom) -> str:
    if not mission.needs_order and known is KnownFrom.INFERENCE:
        if mission.may_be_urgent:
            return "nobody need; who can as urgent is not said / 无须下达；紧急的由谁下达未见规定"
        return "nobody need, and nobody can as urgent / 无须下达，也不能作为紧急任务下达"
    return _listed(
        frozenset(body for body in mission.ordered_by if mission.known_from(body) is known)
    )


def _benefits() -> Iterator[str]:
    yield "## What a mission changes / 任务改变什么"
    yield ""
    yield "Urgent procedures: decree 761 art. 29 (the specially urgent one too), decree 371 art."
    yield "16(2). Exceptions: Shenzhen's notices of 2022 and 2025; they except all police flights."
    yield ""
    yield "紧急程序：第761号令第二十九条（含特别紧急）、第371号令第十六条第二款。"
    yield "除外：深圳2022年、2025年通告，警务飞行一律除外。"
    yield ""
    yield from _table(
        (
            "mission / 任务",
            "urgent, unmanned / 紧急（无人机）",
            "urgent, manned / 紧急（有人机）",
            "excepted by the notices / 通告除外",
            "priority / 优先次序",
        ),
        (
            (
                f"`{mission.kind.value}`",
                _both(mission.urgent_unmanned),
                _both(mission.urgent_manned),
                _exceptions(mission),
                str(mission.rank.place),
            )
            for mission in MISSIONS.values()
        ),
    )


def _exceptions(mission: MissionClass) -> str:
    by = {
        name: mission.excepted_by[notice]
        for notice, name in _NOTICES.items()
        if notice in mission.excepted_by
    }
    return "<br>".join(f"{name}: {_both(reach)}" for name, reach in by.items()) or _both(Reach.NONE)


def _ranks() -> Iterator[str]:
    yield "## Who goes first / 优先次序"
    yield ""
    yield "Police fly at place 2 and customs and emergency management at place 6 at the latest, but"
    yield "for training and recreation. A public task that is not shown to be given has the last"
    yield "place, whoever flies it. Deliveries and passengers have place 7 only on an approved"
    yield "line: a public route, a corridor or a prescribed route that the plan states, or an"
    yield "approval that is held; else place 8, and so have passengers flown round the sights."
    yield ""
    yield "警务飞行最低列第2位，海关和应急管理部门的飞行最低列第6位，训练和娱乐除外。"
    yield "未能认定由谁下达的公共任务，不论由谁飞行，均列末位。物流和客运仅在获批航线上列第7位，"
    yield "即计划写明公共航路、走廊或者规定的航线，或者持有批准；否则列第8位，载客游览亦同。"
    yield ""
    yield from _table(
        ("place / 次序", "mission / 任务", "rests on / 依据", "our inference / 我们的推论"),
        (
            (
                str(rank.place),
                f"{rank.en} / {rank.zh}",
                _codes(rank.citations),
                "yes / 是" if rank.is_inference else "no / 否",
            )
            for rank in RANKS
        ),
    )


def _unchanged() -> Iterator[str]:
    yield "## What no mission changes / 任务不改变什么"
    yield ""
    yield from _table(
        ("part of the law / 要求", "provisions / 条款"),
        ((f"{part.en} / {part.zh}", _codes(part.citations)) for part in NEVER_CHANGES),
    )


def _codes(citations: Iterable[str]) -> str:
    return "<br>".join(f"`{citation}`" for citation in citations)


def _both(word: Term) -> str:
    return f"{word.en} / {word.zh}"


def _listed(words: frozenset[Term]) -> str:
    """Write words in the order of their vocabulary, so that the page is always the same."""
    order = {word: number for kind in {type(w) for w in words} for number, word in enumerate(kind)}
    return "<br>".join(_both(word) for word in sorted(words, key=order.__getitem__)) or "-"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for cells in (heads, ("---",) * len(heads), *rows):
        yield f"| {' | '.join(cells)} |"
    yield ""


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(missions_page(), "utf-8")
