"""The inference on durable_rules' Rete network; the only module that touches durable_rules.

durable_rules 2.0.28 is good at finding which rules a new fact enables, and its C core has no
bounds checks. So it is driven directly, without the package's host, threads and timers, and only
inside the part of it in which no fault is known: equality on names, negations after every positive
pattern, facts only ever added, one fresh session an inference, strata fed in order. Nothing but
words made here enters it: rule 12 is ``r12``, its hit ``h12``; no citation, number or text of a
user's ever does.

The certain and the possible are two sessions of one network, in lockstep. A rule is barred in one
by what stands in the other, so needs (``d…``) and bars (``b…``) are separate words.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import threading
import weakref
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import durable_rules_engine as core

from lowalt.engine.rules import Inference, InferenceRule, check_hits, check_table, conclude
from lowalt.errors import RuleEvaluationError, RuleTableError
from lowalt.truth import Truth

# Each lies below the size at which the core errs, hangs or reads out of bounds (16 patterns a
# rule, 512 conditions a level, 256 uses of a condition).
MAX_PATTERNS_A_RULE = 16
MAX_RULES = 500
MAX_FACTS = 500
MAX_USES_OF_A_FACT = 250

_POSSIBLE, _CERTAIN = "p", "c"  # session ids
_OPENING = "o"
# Words of the core itself, of its state fact, of the sessions, and the patterns' own names.
_FIXED_WORDS = (
    *("id", "sid", "$s", "k", _OPENING, "h", "d", "b"),
    *(word for sid in (_POSSIBLE, _CERTAIN) for word in (sid, f"sid-{sid}")),
    *(f"{alias}{i}" for alias in "nx" for i in range(MAX_PATTERNS_A_RULE)),
)


class DurableEngine:
    """Settles a rule table on a durable_rules network; same answers as `ReferenceEngine`.

    Safe to share between threads (inferences take turns), to pickle, and to use after a fork. The
    network's memory is given back when the engine is collected.

    Parameters
    ----------
    rules
        The table: at most 500 rules, 500 facts that some rule needs and 500 that bar one, 250
        rules that need (or that are barred by) one fact, 15 needs and bars together for a rule.

    Raises
    ------
    RuleTableError
        If the table is at fault (`lowalt.engine.rules.check_table`) or over these limits.
    CircularWaiverError
        If rules bar one another in a circle.

    Examples
    --------
    >>> engine = DurableEngine(
    ...     [InferenceRule("duty"), InferenceRule("exemption", waives=("duty",))]
    ... )
    >>> answer = engine.infer({"duty": Truth.TRUE, "exemption": Truth.TRUE})
    >>> sorted(answer.possible), answer.waived_by("duty", certainly=True)
    (['exemption'], ('exemption',))
    """

    name: Final = "durable"

    def __init__(self, rules: Iterable[InferenceRule]) -> None:
        self._rules = tuple(rules)
        strata = check_table(self._rules)
        index = {rule.name: i for i, rule in enumerate(self._rules)}
        self._names = index.keys()
        self._strata = [[index[rule.name] for rule in stratum] for stratum in strata]
        self._program = _compile(self._rules)
        self._network = _Network(self._program)

    def __reduce__(self) -> tuple[type[DurableEngine], tuple[tuple[InferenceRule, ...]]]:
        return type(self), (self._rules,)

    @property
    def rules(self) -> tuple[InferenceRule, ...]:
        """The table."""
        return self._rules

    def infer(self, hits: Mapping[str, Truth]) -> Inference:
        """Settle which rules fire; see `InferenceEngine.infer`."""
        check_hits(hits, names=self._names)
        network = self._network
        if network.pid != os.getpid():
            # A fork may have copied the lock while another thread held it.
            network = self._network = _Network(self._program)
        hit = [hits[rule.name] for rule in self._rules]
        certain, possible = self._settle(network, hit)
        _certify(self._program, hit, certain=certain, possible=possible)
        return conclude(
            self._rules,
            certain=[self._rules[i].name for i in certain],
            possible=[self._rules[i].name for i in possible],
        )

    def _settle(self, network: _Network, hits: Sequence[Truth]) -> tuple[set[int], set[int]]:
        with network.sessions() as open_session:
            possible = open_session(_POSSIBLE)
            # Where nothing is unknown the certain is the possible, and one session answers both.
            certain = open_session(_CERTAIN) if Truth.UNKNOWN in hits else possible
            for stratum in self._strata:
                open_hits = [i for i in stratum if hits[i] is not Truth.FALSE]
                new_possible = possible.settle(open_hits)
                if certain is possible:
                    possible.bar(new_possible)
                else:
                    new_certain = certain.settle([i for i in open_hits if hits[i] is Truth.TRUE])
                    possible.bar(new_certain)
                    certain.bar(new_possible)
        return certain.fired, possible.fired


def _failure(what: str) -> RuleEvaluationError:
    return RuleEvaluationError(
        f"the durable_rules core failed: {what}. No verdict is given; the same table on"
        " make_engine(rules, prefer='reference') settles it without that core"
    )


@contextlib.contextmanager
def _reporting() -> Iterator[None]:
    try:
        yield
    except (core.error, MemoryError) as error:
        raise _failure(repr(error)) from error


@dataclass(frozen=True, slots=True)
class _Words:
    """The facts that one session can be told, as the core reads them."""

    opening: str
    hits: tuple[str, ...]
    needs: Mapping[str, str]
    bars: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Program:
    """A rule table in the core's words."""

    network: str
    rule_of: Mapping[str, int]
    needs: tuple[frozenset[str], ...]
    bars: tuple[frozenset[str], ...]
    makes: tuple[tuple[str, ...], ...]
    words: Mapping[str, _Words]


class _Session:
    """One world, certain or possible, being settled."""

    def __init__(self, handle: int, program: _Program, words: _Words) -> None:
        self.fired: set[int] = set()
        self._handle, self._program, self._words = handle, program, words
        self._standing: set[str] = set()
        self._offset = self._tell(words.opening)
        if list(self._fire()) != [_OPENING]:
            raise _failure("a fresh session did not open as it should")

    def settle(self, hits: Iterable[int]) -> list[str]:
        """Run the hits of one stratum to rest; return the facts that came to stand."""
        new: list[str] = []
        for i in hits:
            self._tell(self._words.hits[i])
        for token in self._fire():
            rule = self._program.rule_of.get(token)
            if rule is None or rule in self.fired:
                raise _failure(f"it fired {token!r}, which is no rule or has fired before")
            self.fired.add(rule)
            for fact in self._program.makes[rule]:
                if fact not in self._standing:
                    self._standing.add(fact)
                    new.append(fact)
                    if fact in self._words.needs:
                        self._tell(self._words.needs[fact])
        return new

    def bar(self, facts: Iterable[str]) -> None:
        """Let facts bar the rules of the strata above."""
        for fact in facts:
            if fact in self._words.bars:
                self._tell(self._words.bars[fact])

    def _tell(self, text: str) -> int:
        result, offset = core.assert_fact(self._handle, text)
        if result != 0:  # 1: no rule listens; 2: told before. Neither can be.
            raise _failure(f"it answered {result} to {text}")
        return int(offset)

    def _fire(self) -> Iterator[str]:
        # What the caller tells between two steps counts: the core looks again after each.
        action: Any = core.start_action_for_state(self._handle, self._offset)
        result = action and action[1]
        while result:
            yield result.partition('":')[0][2:]  # the firing rule is the text's first key
            result = core.complete_and_start_action(self._handle, self._offset)


class _Network:
    """One ruleset inside the core, in this process."""

    @_reporting()
    def __init__(self, program: _Program) -> None:
        self.pid = os.getpid()
        self._program = program
        self._lock = threading.Lock()
        self._handle = core.create_ruleset("lowalt", program.network)
        weakref.finalize(self, core.delete_ruleset, self._handle).atexit = False
        # To delete a session in which no action ever started frees an uninitialised pointer. The
        # pointer lives in the slot, not in the session, and there are never more than two
        # sessions: started once here, both slots are safe for good. Where this fails, nothing is
        # deleted.
        for sid in program.words:
            self._open(sid)
        self._delete_sessions()

    @contextlib.contextmanager
    def sessions(self) -> Iterator[Callable[[str], _Session]]:
        """Lend the network to one thread, which opens sessions; delete them afterwards."""
        with self._lock, _reporting():
            try:
                yield self._open
            finally:
                self._delete_sessions()

    def _open(self, sid: str) -> _Session:
        return _Session(self._handle, self._program, self._program.words[sid])

    def _delete_sessions(self) -> None:
        for sid in self._program.words:
            # One that was never opened cannot be deleted. One that stayed for any other reason
            # refuses its opening fact the next time, so it never answers for another flight.
            with contextlib.suppress(core.error):
                core.delete_state(self._handle, sid)


def _certify(
    program: _Program, hits: Sequence[Truth], *, certain: set[int], possible: set[int]
) -> None:
    """Refuse an answer in which a rule fires without reason, or not in spite of it.

    One look at each rule, at a small part of the cost of inferring. Unless rules need one another
    in a circle only one answer passes, so whatever goes wrong inside the core is not believed.
    """
    standing = {fact for i in certain for fact in program.makes[i]}
    feasible = {fact for i in possible for fact in program.makes[i]}
    for i, hit in enumerate(hits):
        needs, bars = program.needs[i], program.bars[i]
        may = hit is not Truth.FALSE and needs <= feasible and standing.isdisjoint(bars)
        must = hit is Truth.TRUE and needs <= standing and feasible.isdisjoint(bars)
        if (i in possible, i in certain) != (may, must):
            raise _failure(f"its answer for r{i} does not follow from the others")


def _compile(rules: Sequence[InferenceRule]) -> _Program:
    derived = {fact for rule in rules for fact in rule.makes}
    needs = [list(dict.fromkeys(rule.needs)) for rule in rules]
    # A bar that no rule makes can never stand, and the core must not be asked about it.
    bars = [[fact for fact in dict.fromkeys(rule.barred_by) if fact in derived] for rule in rules]
    _check_limits(rules, needs, bars)
    need_words = _number("d", needs)
    bar_words = _number("b", bars)
    network: dict[str, Any] = {_OPENING: {"all": [{"o": {"k": _OPENING}}]}}
    for i in range(len(rules)):
        network[f"r{i}"] = {
            "all": [
                {"h": _pattern("h", f"h{i}")},
                *({f"n{j}": _pattern("d", need_words[f])} for j, f in enumerate(needs[i])),
                *({f"x{j}$not": _pattern("b", bar_words[f])} for j, f in enumerate(bars[i])),
            ],
            # By default a negation overlooks facts that the match already holds. A bar is never
            # such a fact here; this keeps it so if the words ever change.
            "dist": 0,
        }
    hits = [f"h{i}" for i in range(len(rules))]
    _check_hashes([*network, *hits, *need_words.values(), *bar_words.values()])
    heard = need_words.keys() | bar_words.keys()
    return _Program(
        network=json.dumps(network),
        rule_of={f"r{i}": i for i in range(len(rules))},
        needs=tuple(map(frozenset, needs)),
        bars=tuple(map(frozenset, bars)),
        makes=tuple(tuple(fact for fact in rule.makes if fact in heard) for rule in rules),
        words={
            sid: _Words(
                opening=_fact({"k": _OPENING}, word=_OPENING, sid=sid),
                hits=tuple(_fact({"k": "h", word: 1}, word=word, sid=sid) for word in hits),
                needs={
                    fact: _fact({"k": "d", word: 1}, word=word, sid=sid)
                    for fact, word in need_words.items()
                },
                bars={
                    fact: _fact({"k": "b", word: 1}, word=word, sid=sid)
                    for fact, word in bar_words.items()
                },
            )
            for sid in (_POSSIBLE, _CERTAIN)
        },
    )


def _number(prefix: str, facts: Iterable[Iterable[str]]) -> dict[str, str]:
    distinct = dict.fromkeys(fact for some in facts for fact in some)
    return {fact: f"{prefix}{i}" for i, fact in enumerate(distinct)}


def _pattern(kind: str, word: str) -> dict[str, Any]:
    # The word is an attribute's name, not its value: so each fact meets one condition of the
    # hundreds, where the core holds at most 64 true at once.
    return {"$and": [{"k": kind}, {word: 1}]}


def _fact(attributes: Mapping[str, object], *, word: str, sid: str) -> str:
    return json.dumps({**attributes, "id": word, "sid": sid})


def _check_limits(
    rules: Sequence[InferenceRule], needs: Sequence[Sequence[str]], bars: Sequence[Sequence[str]]
) -> None:
    faults: list[str] = []
    if len(rules) > MAX_RULES:
        faults.append(f"{len(rules)} rules; it holds {MAX_RULES}")
    for rule, its_needs, its_bars in zip(rules, needs, bars, strict=True):
        links = len(its_needs) + len(its_bars)
        if links >= MAX_PATTERNS_A_RULE:  # its own hit is a pattern too
            faults.append(
                f"{rule.name!r} has {links} needs and bars (its own waiver is one); it holds"
                f" {MAX_PATTERNS_A_RULE - 1} a rule: join some through a rule in between"
            )
    for verb, facts in (("needed by", needs), ("a bar to", bars)):
        uses = Counter(fact for some in facts for fact in some)
        if len(uses) > MAX_FACTS:
            faults.append(f"{len(uses)} facts are {verb} some rule; it holds {MAX_FACTS}")
        faults += [
            f"{fact!r} is {verb} {n} rules; it holds {MAX_USES_OF_A_FACT}: join some through a"
            " rule in between"
            for fact, n in uses.items()
            if n > MAX_USES_OF_A_FACT
        ]
    if faults:
        said = "the table is too large for the durable engine, not for the reference engine:"
        raise RuleTableError("\n  ".join([said, *faults]))


def _check_hashes(words: Sequence[str]) -> None:
    # The core tells names, fact ids and session ids apart by this hash alone.
    by_hash: dict[int, str] = {}
    for word in (*_FIXED_WORDS, *words):
        other = by_hash.setdefault(_fnv1a(word), word)
        if other != word:
            raise RuleTableError(
                f"durable_rules cannot tell its words {word!r} and {other!r} apart: add or remove"
                " a rule, or use the reference engine"
            )


@functools.cache
def _fnv1a(word: str) -> int:
    value = 0x811C9DC5
    for byte in word.encode("ascii"):
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value
