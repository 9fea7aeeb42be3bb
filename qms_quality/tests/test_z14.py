import json
from random import Random

from odoo.tests import BaseCase, tagged
from odoo.tools.misc import file_open

from odoo.addons.qms_quality.models.inspection.sampling import (
    draw,
    switching,
    z14,
    z14_tables,
)

# double plans where the file's source slipped: AQL 100 at these letters on normal
# inspection, and letter A at AQL 10 and 15
SLIPS = {("normal", letter, "100") for letter in "LMNP"}
SLIPS |= {(severity, "A", aql) for severity in z14.SEVERITIES for aql in ("10", "15")}


@tagged("post_install", "-at_install")
class TestZ14(BaseCase):
    """The tables in the addon say what an independent copy of the figures says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with file_open("qms_quality/tests/data/z14.json") as file:
            cls.data = json.load(file)

    def _follow(self, rows, letter, aql):
        """Return the letter and cell that arrows lead to, in the file."""
        letters = list(rows)
        position = letters.index(letter)
        while (cell := rows[letters[position]]["plans"][aql]) in ("up", "down"):
            position += 1 if cell == "down" else -1
        return letters[position], cell

    def test_code_letters(self):
        count = 0
        for smallest, largest, letters in self.data["code_letters"]:
            for level, letter in letters.items():
                for size in (smallest, largest or 10_000_000):
                    self.assertEqual(z14.get_letter(size, level), letter)
                count += 1
        self.assertEqual(count, 105)

    def test_every_single_cell(self):
        letters = [letter for letter in self.data["letters"] if letter != "S"]
        count = 0
        for severity, rows in self.data["single"].items():
            for letter in letters:
                for aql in self.data["aql"]:
                    found, (accept, reject) = self._follow(rows, letter, aql)
                    self.assertEqual(
                        z14.resolve(letter, aql, severity),
                        (found, ((rows[found]["n"], accept, reject),)),
                        f"{severity} {letter} {aql}",
                    )
                    count += 1
        self.assertEqual(count, 1248)

    def test_every_double_cell(self):
        letters = [letter for letter in self.data["letters"] if letter != "S"]
        count = 0
        for severity, rows in self.data["double"].items():
            for letter in letters:
                for aql in self.data["aql"]:
                    if (severity, letter, aql) in SLIPS:
                        continue
                    found, cell = self._follow(rows, letter, aql)
                    if cell == "single":
                        single = self.data["single"][severity]
                        found, numbers = self._follow(single, found, aql)
                        stages = ((single[found]["n"], *numbers),)
                    else:
                        row = rows[found]
                        sizes = (row["n1"], row["n2"])
                        stages = tuple(
                            (size, *numbers)
                            for size, numbers in zip(sizes, cell, strict=True)
                        )
                    self.assertEqual(
                        z14.resolve(letter, aql, severity, double=True),
                        (found, stages),
                        f"{severity} {letter} {aql}",
                    )
                    count += 1
        self.assertEqual(count, 1248 - len(SLIPS))

    def test_cells_before_arrows(self):
        """The arrows themselves, and letter S, are those of the file."""
        signs = {"down": "v", "up": "^", "single": "*"}
        for kind in ("single", "double"):
            for severity, rows in self.data[kind].items():
                ours = z14._get_rows(kind, severity)
                self.assertEqual(list(ours), list(rows))
                for letter, row in rows.items():
                    cells = [
                        signs[cell] if isinstance(cell, str) else None
                        for cell in row["plans"].values()
                    ]
                    own = [c if c in "v^*" else None for c in ours[letter][1]]
                    self.assertEqual(own, cells)

    def test_limit_numbers(self):
        for row in self.data["limit_numbers_reduced"]:
            for aql, limit in row["limits"].items():
                expected = z14.TOO_FEW if limit == "*" else limit
                for units in {row["from"], row["to"] or 99999}:
                    self.assertEqual(z14.get_limit_number(units, aql), expected)
        self.assertEqual(z14.get_limit_number(19, "1000"), z14.TOO_FEW)

    def test_examples(self):
        """The standard's well-known examples, arrows that change n included."""
        plan = z14.get_plan(200, "II", "2.5", "normal")
        self.assertEqual(plan, ("G", "G", ((32, 2, 3),)))
        plan = z14.get_plan(200, "II", "0.65", "normal")
        self.assertEqual(plan, ("G", "F", ((20, 0, 1),)))
        for example in self.data["checks"]["examples"]:
            for severity in set(z14.SEVERITIES) & set(example):
                plan = z14.get_plan(
                    example["lot"], example["level"], example["aql"], severity
                )
                self.assertEqual(list(plan.stages[0]), example[severity])

    def test_whole_lot(self):
        """Where the sample reaches the lot, the lot is inspected whole."""
        self.assertEqual(
            z14.get_plan(40, "III", "0.010", "normal").stages, ((40, 0, 1),)
        )
        self.assertEqual(z14.get_plan(1, "II", "6.5", "normal").stages, ((1, 0, 1),))
        double = z14.get_plan(9, "III", "15", "normal", double=True)
        self.assertEqual(double.stages, ((3, 0, 3), (3, 3, 4)))
        double = z14.get_plan(3, "III", "25", "normal", double=True)
        self.assertEqual(double.stages, ((2, 0, 3), (1, 3, 4)))

    def test_bad_input(self):
        for size, level, aql in ((0, "II", "1.0"), (9, "IV", "1.0"), (9, "II", "1")):
            with self.assertRaises((ValueError, KeyError)):
                z14.get_plan(size, level, aql, "normal")
        self.assertEqual(len(z14_tables.AQLS), 26)

    def test_judge(self):
        single, reduced = [z14.Stage(32, 2, 3)], [z14.Stage(13, 1, 3)]
        double = [z14.Stage(20, 1, 4), z14.Stage(20, 4, 5)]
        whole = [z14.Stage(5, 1, 4), z14.Stage(0, 4, 5)]
        for stages, counts, expected in (
            (single, [], None),
            (single, [2], "passed"),
            (single, [3], "failed"),
            (reduced, [2], "gap"),
            (reduced, [3], "failed"),
            (double, [1], "passed"),
            (double, [2], "more"),
            (double, [4], "failed"),
            (double, [3, 1], "passed"),
            (double, [3, 2], "failed"),
            (whole, [3], "passed"),
            (whole, [4], "failed"),
        ):
            self.assertEqual(z14.judge(stages, counts), expected)


@tagged("post_install", "-at_install")
class TestDraw(BaseCase):
    """A draw can be repeated, is fair, and grows at its end."""

    def test_known_draw(self):
        """The algorithm must never change: draws of years ago are repeated."""
        self.assertEqual(draw.draw("audit", 1200, 5), [1002, 495, 1019, 624, 233])

    def test_same_seed_same_units(self):
        for seed in range(50):
            population = Random(seed).randint(1, 300)
            size = Random(seed + 1).randint(0, 320)
            drawn = draw.draw(str(seed), population, size)
            self.assertEqual(len(drawn), min(size, population))
            self.assertEqual(len(set(drawn)), len(drawn))
            self.assertLessEqual(set(drawn), set(range(1, population + 1)))
            self.assertEqual(
                draw.draw(str(seed), population, size // 2), drawn[: size // 2]
            )

    def test_every_unit_is_as_likely(self):
        times = dict.fromkeys(range(1, 11), 0)
        for seed in range(5000):
            for unit in draw.draw(str(seed), 10, 3):
                times[unit] += 1
        self.assertTrue(all(1350 < count < 1650 for count in times.values()), times)

    def test_seeds_differ(self):
        self.assertEqual(len({draw.new_seed() for _i in range(1000)}), 1000)


@tagged("post_install", "-at_install")
class TestSwitchingRules(BaseCase):
    """The rules, one by one, on scripted lots."""

    def _lots(self, script, size=50, found=0):
        """``+`` accepted, ``-`` rejected, ``~`` accepted between Ac and Re."""
        return [switching.Lot(c != "-", c == "~", size, found) for c in script]

    def _switch(self, severity, script, aql="1.0", **kwargs):
        size, found = kwargs.pop("size", 50), kwargs.pop("found", 0)
        switch = switching.get_switch(
            severity, self._lots(script, size, found), aql, **kwargs
        )
        return switch and switch[0]

    def test_normal_to_tightened(self):
        for script, expected in (
            ("-", None),
            ("--", "tightened"),
            ("-+++-", "tightened"),
            ("-++++-", None),
            ("+" * 20 + "-+-", "tightened"),
        ):
            self.assertEqual(self._switch("normal", script), expected, script)

    def test_tightened(self):
        for script, expected in (
            ("++++", None),
            ("+++++", "normal"),
            ("-+++++", "normal"),
            ("++++-++++", None),
            ("-+-+-+-+", None),
            ("-+-+-+-+-", "discontinued"),
        ):
            self.assertEqual(self._switch("tightened", script), expected, script)

    def test_reduced(self):
        allowed = {"reduced": True, "steady": True}
        self.assertIsNone(self._switch("normal", "+" * 12))
        self.assertIsNone(self._switch("normal", "+" * 12, reduced=True))
        self.assertIsNone(self._switch("normal", "+" * 12, steady=True))
        self.assertIsNone(self._switch("normal", "+" * 9, **allowed))
        self.assertIsNone(self._switch("normal", "-" + "+" * 9, **allowed))
        self.assertEqual(self._switch("normal", "+" * 10, **allowed), "reduced")
        for script, expected in (("+++", None), ("+-", "normal"), ("+~", "normal")):
            self.assertEqual(self._switch("reduced", script, **allowed), expected)

    def test_limit_numbers(self):
        """500 units at AQL 1.0: 2 defects are within the limit, 20 are not."""
        allowed = {"reduced": True, "steady": True}
        number = z14.get_limit_number(500, "1.0")
        self.assertEqual(number, 2)
        run = self._lots("+" * 9) + [switching.Lot(True, False, 50, number)]
        self.assertEqual(
            switching.get_switch("normal", run, "1.0", **allowed)[0], "reduced"
        )
        run[-1] = run[-1]._replace(found=number + 1)
        self.assertIsNone(switching.get_switch("normal", run, "1.0", **allowed))
        self.assertEqual(
            switching.get_switch("normal", run, "1.0", limits=False, **allowed)[0],
            "reduced",
        )

    def test_limit_numbers_with_too_few_units(self):
        """Ten samples of 8 are too few at AQL 0.65: more lots are counted."""
        allowed = {"reduced": True, "steady": True, "size": 8, "aql": "0.65"}
        self.assertEqual(z14.get_limit_number(80, "0.65"), z14.TOO_FEW)
        enough = next(
            k for k in range(10, 100) if z14.get_limit_number(8 * k, "0.65") == 0
        )
        self.assertIsNone(self._switch("normal", "+" * (enough - 1), **allowed))
        self.assertEqual(self._switch("normal", "+" * enough, **allowed), "reduced")
