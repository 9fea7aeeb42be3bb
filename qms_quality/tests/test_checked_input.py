from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, tagged

from .common_disposition import DispositionCase
from .rpc_case import JsonClient, Refused, XmlClient

CASE, ROW, COST = "qms.nonconformance", "qms.disposition", "qms.nonconformance.cost"
NAN = float("nan")
# What can't be, by model: values, and what is said about them.
WRONG = {
    ROW: [
        ({"kind": "burn"}, "Disposition: burn is none of scrap, return, rework"),
        ({"kind": ["scrap"]}, "Disposition: ['scrap'] is none of"),
        ({"kind": 5}, "Disposition: 5 is none of"),
        ({"rework_way": "magic"}, "Rework by: magic is none of production, unbuild"),
        ({"quantity": "a lot"}, "Quantity: a lot isn't a number."),
        ({"quantity": "1,5"}, "Quantity: 1,5 isn't a number."),
        ({"quantity": NAN}, "Quantity: nan isn't a number."),
        ({"quantity": -float("inf")}, "Quantity: -inf isn't a number."),
        ({"quantity": [1]}, "Quantity: [1] isn't a number."),
        ({"lot_id": "L-1"}, "Lot/Serial Number: L-1 isn't the id of a record."),
        ({"lot_id": -4}, "Lot/Serial Number: -4 isn't the id of a record."),
        ({"location_id": 2.5}, "Place: 2.5 isn't the id of a record."),
        ({"customer_ids": "all"}, "Only for Customers: all isn't a list of records."),
        ({"customer_ids": [[6, 0, 5]]}, "Only for Customers: [[6, 0, 5]] isn't a"),
        ({"customer_ids": [[9, 0]]}, "Only for Customers: [[9, 0]] isn't a list"),
        ({"reason": {"a": 1}}, "Reason: {'a': 1} isn't a text."),
        ({"sequence": "first"}, "Sequence: first isn't a whole number."),
        ({"colour": "red"}, "colour: there is no such field."),
        ({"nonconformance_id": False}, "Nonconformance: is needed."),
    ],
    CASE: [
        ({"type": "fun"}, "Type: fun is none of supplier, customer, production"),
        ({"severity": 9}, "Severity: 9 is none of 1_minor"),
        ({"severity": False}, "Severity: is needed."),
        ({"subject": False}, "What is wrong: is needed."),
        ({"quantity": "ten"}, "Quantity: ten isn't a number."),
        ({"quantity": NAN}, "Quantity: nan isn't a number."),
        ({"date_deadline": "soon"}, "Deadline: soon isn't a date (YYYY-MM-DD)."),
        ({"lot_ids": 7}, "Lots/Serial Numbers: 7 isn't a list of records."),
        ({"lot_ids": [["x"]]}, "Lots/Serial Numbers: [['x']] isn't a list of"),
        ({"user_id": "me"}, "Responsible: me isn't the id of a record."),
    ],
    COST: [
        ({"kind": "fun"}, "Cost Type: fun is none of scrap, material"),
        ({"amount": NAN}, "Amount: nan isn't a number."),
        ({"amount": "much"}, "Amount: much isn't a number."),
        ({"date": "2026-13-40"}, "Date: 2026-13-40 isn't a date"),
    ],
}


@tagged("post_install", "-at_install")
class TestCheckedInput(DispositionCase, HttpCase):
    """Programs that send nonsense are told what of it, and nothing is saved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.passwords = {cls.inspector: "qms_inspector-password"}
        cls.inspector.password = cls.passwords[cls.inspector]

    def setUp(self):
        super().setUp()
        self.case = self._lot_case()
        self.needed = {
            CASE: {"subject": "Dented"},
            ROW: {"nonconformance_id": self.case.id},
            COST: {"nonconformance_id": self.case.id, "name": "Freight"},
        }
        self.records = {
            CASE: self.case,
            ROW: self._add(self.case, "scrap", 40),
            COST: self.env[COST].create(self.needed[COST]),
        }

    def _read(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return {
            model: self.env[model].search([]).read(load="") for model in self.records
        }

    def test_what_is_wrong_is_named(self):
        before = self._read()
        for model, wrong in WRONG.items():
            records = self.records[model].with_user(self.inspector)
            for vals, text in wrong:
                with self.subTest(model, vals=vals):
                    with self.assertRaises(ValidationError) as refusal:
                        records.write(vals)
                    self.assertIn(f"\n- {text}", str(refusal.exception))
                    with self.assertRaises(ValidationError) as refusal:
                        records.create({**self.needed[model], **vals})
                    self.assertIn(f"\n- {text}", str(refusal.exception))
        self.assertEqual(self._read(), before)

    def test_all_at_once(self):
        rows = self.env[ROW].with_user(self.inspector)
        with self.assertRaises(ValidationError) as refusal:
            rows.create([{"kind": "burn", "quantity": NAN}, {"reason": "x"}])
        kinds = "scrap, return, rework, use_as_is, return_production, downgrade"
        self.assertEqual(
            str(refusal.exception),
            "Disposition: nothing was saved.\n"
            f"- Disposition: burn is none of {kinds}, sort, donate, customer.\n"
            "- Quantity: nan isn't a number.\n"
            "- Nonconformance: is needed.",
        )

    def test_what_is_needed(self):
        for model, name in (
            (CASE, "What is wrong"),
            (ROW, "Nonconformance"),
            (COST, "Nonconformance"),
        ):
            records = self.env[model].with_user(self.inspector)
            with self.subTest(model), self.assertRaises(ValidationError) as refusal:
                records.create({})
            self.assertIn(f"\n- {name}: is needed.", str(refusal.exception))
        for vals in (5, "x", ["kind"]):
            with self.subTest(vals), self.assertRaises(ValidationError) as refusal:
                self.env[ROW].with_user(self.inspector).create([vals])
            self.assertIn(f"{vals}: no values of fields.", str(refusal.exception))

    def test_defaults_of_a_client(self):
        rows = self.env[ROW].with_user(self.inspector)
        rows = rows.with_context(default_kind="burn", default_unknown=object())
        with self.assertRaisesRegex(ValidationError, "burn is none of scrap"):
            rows.create(self.needed[ROW])

    def test_by_both_protocols(self):
        """Refused in words, never with a traceback."""
        before = self._read()
        for kind in (XmlClient, JsonClient):
            client = kind(self, self.inspector)
            for model, wrong in WRONG.items():
                for vals, text in wrong:
                    if "nan" in text or "inf" in text:
                        # their marshallers don't agree on these
                        vals = {name: "NaN" for name in vals}
                    with self.subTest(kind, model=model, vals=vals):
                        ids = self.records[model].ids
                        with self.assertRaises(Refused) as refusal:
                            client(model, "write", ids, vals=vals)
                        self.assertIn("nothing was saved", str(refusal.exception))
                        vals = {**self.needed[model], **vals}
                        with self.assertRaises(Refused) as refusal:
                            client(model, "create", vals_list=[vals])
                        self.assertIn("nothing was saved", str(refusal.exception))
        self.assertEqual(self._read(), before)

    def test_inside_a_case(self):
        """The rows of a list are checked by themselves."""
        case = self.case.with_user(self.inspector)
        with self.assertRaisesRegex(ValidationError, "Quantity: ten isn't a number"):
            case.write({"disposition_ids": [[0, 0, {"quantity": "ten"}]]})

    def test_what_can_be_is_taken(self):
        """Numbers as plain texts and all that Odoo's own forms send."""
        row = self.records[ROW].with_user(self.inspector)
        row.write(
            {
                "quantity": "12.5",
                "kind": False,
                "lot_id": self.case.lot_ids.id,
                "customer_ids": [(6, 0, self.partner.ids), [3, self.partner.id]],
                "test_group_ids": False,
                "sequence": 5.0,
                "reason": None,
            }
        )
        self.assertEqual((row.quantity, row.kind, row.sequence), (12.5, False, 5))
        case = self.case.with_user(self.inspector)
        case.write({"date_deadline": "2026-12-24", "tag_ids": []})
        self.assertEqual(str(case.date_deadline), "2026-12-24")
