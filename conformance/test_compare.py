"""Tests that the comparison detects every kind of difference. Run by: python3 -m unittest discover conformance"""

import unittest

import compare
from groups import select

OK = {"behavior": "OK", "behaviorClose": "OK"}
REPORT = OK | {"result": "as expected", "resultClose": "closed properly"}


class Differences(unittest.TestCase):
    def test_none(self):
        self.assertEqual(compare.differences("1.1.1", OK, REPORT), [])

    def test_behaviour(self):
        seen = REPORT | {"behavior": "FAILED", "result": "Did not receive\n  it."}
        self.assertEqual(compare.differences("9.1.1", OK, seen), ["9.1.1: OK expected, FAILED seen: Did not receive it."])

    def test_close(self):
        seen = REPORT | {"behaviorClose": "WRONG CODE", "resultClose": "not 1002"}
        self.assertEqual(compare.differences("3.1", OK, seen), ["3.1, close: OK expected, WRONG CODE seen: not 1002"])

    def test_both(self):
        seen = REPORT | {"behavior": "NON-STRICT", "behaviorClose": "UNCLEAN"}
        self.assertEqual(len(compare.differences("6.4.1", OK, seen)), 2)

    def test_better_than_expected_is_a_difference_too(self):
        self.assertTrue(compare.differences("7.1.6", {"behavior": "INFORMATIONAL", "behaviorClose": "INFORMATIONAL"}, REPORT))

    def test_missing(self):
        self.assertEqual(compare.differences("1.1.1", OK, None), ["1.1.1: OK expected, no result"])

    def test_extra(self):
        self.assertEqual(compare.differences("11.1", None, REPORT), ["11.1: not in expected.json, OK seen"])


class Selection(unittest.TestCase):
    CASES = ["9.10", "9.1.1", "1.1", "9.1.2", "10.1"]

    def test_all_in_order(self):
        self.assertEqual(select(self.CASES, []), ["1.1", "9.1.1", "9.1.2", "9.10", "10.1"])

    def test_a_group_is_not_a_beginning_of_digits(self):
        self.assertEqual(select(self.CASES, ["1"]), ["1.1"])
        self.assertEqual(select(self.CASES, ["9.1"]), ["9.1.1", "9.1.2"])

    def test_several(self):
        self.assertEqual(select(self.CASES, ["10", "9.1.2"]), ["9.1.2", "10.1"])


class Expectation(unittest.TestCase):
    def test_all_is_ok_but_what_the_suite_leaves_open(self):
        expected = compare.read(compare.EXPECTED)
        self.assertEqual(len(expected), 517)
        self.assertEqual([case for case in expected if expected[case] != OK], ["7.1.6", "7.13.1", "7.13.2"])


if __name__ == "__main__":
    unittest.main()
