"""Compares the results of Autobahn's fuzzing client with the expected ones, and prints every difference.

Usage: compare.py REPORTS [CASE...]

REPORTS is the folder that fuzz.py filled with the same CASEs. The exit code is 1 if anything differs, is missing, or is there
without being expected.
"""

import json
import sys
from collections import Counter
from pathlib import Path

from groups import GROUPS, group_of, order, select

EXPECTED = Path(__file__).with_name("expected.json")

# Verdicts of the suite: the key of the verdict, the key of its remark in the case's report, and the suffix for messages.
VERDICTS = [("behavior", "result", ""), ("behaviorClose", "resultClose", ", close")]


def read(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))


def results(reports):
    """Maps each case to its report, with both verdicts and the remarks."""
    seen = {}
    for index in Path(reports).glob("*/index.json"):
        for cases in read(index).values():
            seen |= {case: read(index.with_name(entry["reportfile"])) for case, entry in cases.items()}
    return seen


def differences(case, expected, seen):
    """Returns a line for each difference between a result and the expected one; either may be None."""
    if seen is None:
        return [f"{case}: {expected['behavior']} expected, no result"]
    if expected is None:
        return [f"{case}: not in {EXPECTED.name}, {seen['behavior']} seen"]
    return [
        f"{case}{which}: {expected[verdict]} expected, {seen[verdict]} seen: {' '.join(seen[remark].split())}"
        for verdict, remark, which in VERDICTS
        if seen[verdict] != expected[verdict]
    ]


def main(reports, *wanted):
    expected, seen = read(EXPECTED), results(reports)
    total, passed = Counter(), Counter()
    for case in select(expected.keys() | seen.keys(), wanted):
        lines = differences(case, expected.get(case), seen.get(case))
        print(*lines, sep="\n", end="\n" if lines else "")
        total[group_of(case)] += 1
        passed[group_of(case)] += not lines
    for group in sorted(total, key=order):
        print(f"{group:>4}  {GROUPS.get(group, ''):<24}{passed[group]:>4} of {total[group]:>3}")
    good = sum(passed.values())
    failed = sum(total.values()) - good
    print(f"{good} passed, {failed} failed")
    return failed > 0 or not total


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
