"""What a company's own rules add to the law: the operations manual in ``examples/rules``.

Run it with your own plans and your own rules, or without any to judge those in ``examples``::

    python examples/company_rule.py
    python examples/company_rule.py --rules my_rules/ --lang zh my_plan.json

It names every plan that a rule of the company stands against, and what the law alone says of it.
``docs/own_rules.md`` shows how such rules are written.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import lowalt as la

HERE = Path(__file__).parent
OURS = "own/"  # citations of what an operator sets for itself begin so


def main() -> int:
    parser = argparse.ArgumentParser(description="Judge flight plans by law and company rules.")
    parser.add_argument("plans", nargs="*", type=Path, help="JSON files; default: the examples")
    parser.add_argument("--rules", type=Path, default=HERE / "rules", help="folder of rules")
    parser.add_argument("--lang", choices=("zh", "en"), default="en")
    options = parser.parse_args()

    airspace = la.load_airspace("shenzhen")
    for path in options.plans or sorted((HERE / "plans").glob("*.json")):
        plan = la.read_plan(path)
        day = plan.departure.date()
        law = la.load_rulebook("shenzhen", on=day)
        ours = la.load_rulebook("shenzhen", on=day, own_rules=options.rules)

        verdict = la.assess(plan, airspace=airspace, rulebook=ours)
        against = [
            finding
            for finding in verdict.findings
            if finding.citation.startswith(OURS) and finding.status is la.Status.BREACHED
        ]
        if not against:
            continue
        by_law = la.assess(plan, airspace=airspace, rulebook=law).decision
        print(f"{path.stem}: {by_law.value} -> {verdict.decision.value}")
        for finding in against:
            print(f"    {finding.cited(options.lang)}: {finding.because[options.lang]}")
            print(f"    {finding.action[options.lang]}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
