from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common_case import NonconformanceCase


@tagged("post_install", "-at_install")
class TestNonconformanceByHand(NonconformanceCase):
    """Cases that a person opens, and what he can't write."""

    def test_lots_of_a_case_are_held_unless_it_says_no(self):
        lot, other = self._make_lot("H1"), self._make_lot("H2")
        case = self._make_case(lot, hold_goods=False)
        self.assertEqual(lot.inspection_status_id, self.available)
        case.with_user(self.inspector).hold_goods = True
        self.assertEqual(lot.inspection_status_id, self.on_hold)
        case.with_user(self.inspector).lot_ids = lot | other
        self.assertEqual(other.inspection_status_id, self.on_hold)
        self.assertEqual(len(self._case_holds(case)), 2)
        with self.assertRaises(UserError) as refused:
            case.with_user(self.inspector).lot_ids = lot
        self.assertEqual(
            str(refused.exception),
            f"{case.name} holds H2. Dispose of them before you take them off the case.",
        )

    def test_form_opens_a_case(self):
        lot = self._make_lot("F1")
        with Form(self.Case.with_user(self.inspector)) as form:
            form.subject = "Leaking"
            form.product_id = self.product
            form.lot_ids.add(lot)
            form.quantity = 2
        case = form.save()
        self.assertEqual(case.uom_id, self.product.uom_id)
        self.assertEqual(lot.inspection_status_id, self.on_hold)
        self.assertEqual(lot.qms_nonconformance_count, 1)
        self.assertEqual(lot.action_open_nonconformances()["res_id"], case.id)

    def test_lots_are_of_the_product(self):
        lot = self._make_lot("S1", self._make_product("Sugar"))
        with self.assertRaises(ValidationError) as refused:
            self._make_case(product_id=self.product.id, lot_ids=[(6, 0, lot.ids)])
        self.assertRegex(
            str(refused.exception),
            r"NC/\d+/\d+: S1: not of the product Milk. Open a case for each product.",
        )

    def test_product_stays_when_something_rests_on_it(self):
        case = self._fail_order().case_id
        with self.assertRaises(UserError) as refused:
            case.with_user(self.inspector).product_id = self.untracked
        self.assertEqual(
            str(refused.exception),
            f"{case.name} is about Milk of {self.company.name}, and holds, failures or"
            " dispositions rest on that. Cancel it and open another one.",
        )

    def test_cases_are_of_their_company(self):
        other = self.env["res.company"].create({"name": "Other dairy"})
        case = self.Case.create({"subject": "Theirs", "company_id": other.id})
        for user in (self.inspector, self.manager, self.plant, self.officer):
            self.assertFalse(self.Case.with_user(user).search([("id", "=", case.id)]))
            with self.assertRaises(AccessError):
                case.with_user(user).subject  # noqa: B018
