from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_disposing import DisposingCase


@tagged("post_install", "-at_install")
class TestReturnCost(DisposingCase):
    """Goods that went back are a cost, until the vendor credits them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._make_user(
            "qms_accountant", "account.group_account_invoice"
        )

    def _return(self, case, quantity, lot, ship=None):
        """Have goods sent back, and ship them as a clerk; return the disposition."""
        row = self._propose(case, "return", quantity, lot)
        self._carry_out(case)
        self._ship(row.move_ids.picking_id, ship)
        return row

    def _ship(self, picking, quantity=None):
        picking = picking.with_user(self.clerk)
        if quantity:
            picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()

    def _post(self, refund, price=None):
        """Post a credit note as the accountant does, at another price if told."""
        refund.invoice_date = refund.date
        if price is not None:
            refund.invoice_line_ids.price_unit = price
        refund.with_user(self.accountant).action_post()

    def _costs(self, case):
        """Return what a case cost: ``[(type, amount)]``, sorted."""
        self.env.invalidate_all()
        return sorted((cost.kind, cost.amount) for cost in case.cost_ids)

    def _bought(self, quantity=10, price=2.0, name="L1", **vals):
        """Buy a lot, bill it and open its case; return the case and the lot."""
        line = self._buy(quantity, price=price, lots=[name], **vals)
        self._bill(line)
        lot = self._lot(name)
        return self._open_case(lot), lot

    def test_recovered_by_the_credit(self):
        """The goods at their value; the credit when it is posted, and not before."""
        case, lot = self._bought()
        row = self._return(case, 4, lot)
        value = row.move_ids.value
        self.assertEqual(value, 8)
        self.assertEqual(self._costs(case), [("material", 8)])
        self.assertEqual(case.cost_ids.quantity, 4)
        refund = row.refund_ids
        self._post(refund)
        self.assertEqual(self._costs(case), [("credit", -8), ("material", 8)])
        self.assertEqual(case.cost_total, 0)
        credit = case.cost_ids.filtered("refund_id")
        self.assertEqual(credit.refund_id, refund)
        self.assertEqual(credit.name, refund.name)
        self.assertEqual(credit.disposition_id, row)
        self.assertTrue(credit.is_automatic)
        with self.assertRaises(AccessError):
            credit.with_user(self.manager).amount = -1

    def test_taken_back_to_draft_and_cancelled(self):
        """A credit that isn't posted any more is none."""
        case, lot = self._bought()
        refund = self._return(case, 4, lot).refund_ids
        case.cost_ids.with_user(self.inspector).is_charged = True
        self._post(refund)
        refund.with_user(self.accountant).button_draft()
        self.assertEqual(self._costs(case), [("material", 8)])
        self._post(refund, price=1.5)
        self.assertEqual(self._costs(case), [("credit", -6), ("material", 8)])
        self.assertEqual(case.cost_total, 2)
        refund.with_user(self.accountant).button_draft()
        refund.with_user(self.accountant).button_cancel()
        self.assertEqual(self._costs(case), [("material", 8)])
        self.assertTrue(case.cost_ids.is_charged, "what is charged stays charged")

    def test_never_billed(self):
        """What nobody paid for is no cost: it needs no credit."""
        self._buy(10, price=2, lots=["L1"])
        lot = self._lot("L1")
        case = self._open_case(lot)
        row = self._return(case, 4, lot)
        self.assertFalse(row.refund_ids)
        self.assertEqual(self._costs(case), [("credit", -8), ("material", 8)])
        self.assertEqual(case.cost_total, 0)

    def test_billed_in_part(self):
        """Of 10, 6 were billed and 7 go back: 4 never were, 3 are credited."""
        line = self._buy(10, price=2, lots=["L1"])
        self._bill(line, quantity=6)
        lot = self._lot("L1")
        case = self._open_case(lot)
        row = self._return(case, 7, lot)
        self.assertEqual(self._costs(case), [("credit", -8), ("material", 14)])
        self._post(row.refund_ids)
        self.assertEqual(
            self._costs(case), [("credit", -8), ("credit", -6), ("material", 14)]
        )
        self.assertEqual(case.cost_total, 0)

    def test_shipped_in_parts(self):
        """Each part counts when it has left, with a credit note of its own."""
        case, lot = self._bought()
        row = self._return(case, 10, lot, ship=4)
        self.assertEqual(row.state, "in_progress")
        self.assertEqual(self._costs(case), [("material", 8)])
        self._post(row.refund_ids)
        self._ship(row.move_ids.picking_id.backorder_ids)
        self.assertEqual(row.state, "done")
        self.assertEqual(self._costs(case), [("credit", -8), ("material", 20)])
        self._post(row.refund_ids.filtered(lambda one: one.state == "draft"))
        self.assertEqual(
            self._costs(case), [("credit", -12), ("credit", -8), ("material", 20)]
        )

    def test_freight_that_is_credited(self):
        """What the vendor credits besides goes with the goods; so do what you enter."""
        case, lot = self._bought()
        refund = self._return(case, 4, lot).refund_ids
        refund.invoice_line_ids = [
            (
                0,
                0,
                {"name": "Freight", "quantity": 1, "price_unit": 5, "tax_ids": False},
            )
        ]
        self._post(refund)
        self.assertEqual(self._costs(case), [("credit", -13), ("material", 8)])
        costs = self.env["qms.nonconformance.cost"].with_user(self.inspector)
        costs.create(
            [
                {"nonconformance_id": case.id, "name": name, "kind": kind, "amount": 5}
                for name, kind in (("Back", "freight"), ("Laboratory", "charge"))
            ]
        )
        self.assertEqual(case.cost_total, 5)

    def test_one_credit_for_several_rows(self):
        """Two receipts of one order line, two places: the credit is split by cents."""
        line = self._buy(9, price=1, lots=["L1"])
        self._bill(line)
        lot = self._lot("L1")
        quant = self.env["stock.quant"]._gather(self.milk, self.stock, lot_id=lot)
        quant.quantity = 6
        self._stock_up(3, lot, self.shelf)
        case = self._open_case(lot)
        rows = self._propose(case, "return", 6, lot)
        rows |= self._propose(case, "return", 3, lot, self.shelf)
        self._carry_out(case)
        pickings = rows.move_ids.picking_id
        self.assertEqual(len(pickings), 2)
        pickings.move_ids.picked = True
        pickings.with_user(self.clerk).button_validate()
        refund = rows.refund_ids
        self.assertEqual(len(refund), 1)
        self._post(refund, price=1.11)
        credits = case.cost_ids.filtered("refund_id")
        amounts = {cost.disposition_id: cost.amount for cost in credits}
        self.assertEqual(amounts, {rows[0]: -6.66, rows[1]: -3.33})

    def test_in_the_vendor_s_currency(self):
        """What is credited counts in the company's currency, at its date."""
        foreign = self.env["res.currency"].create(
            {
                "name": "QMS",
                "symbol": "Q",
                "rate_ids": [
                    (0, 0, {"name": "2020-01-01", "company_rate": 2.0}),
                ],
            }
        )
        case, lot = self._bought(price=8.0, currency_id=foreign.id)
        row = self._return(case, 5, lot)
        self.assertEqual(row.refund_ids.currency_id, foreign)
        self.assertEqual(self._costs(case), [("material", 20)])
        self._post(row.refund_ids)
        self.assertEqual(row.refund_ids.amount_total, 40)
        self.assertEqual(self._costs(case), [("credit", -20), ("material", 20)])

    def test_posted_from_another_company(self):
        """The costs are the case's company's, wherever the accountant works."""
        elsewhere = self.env["res.company"].create(
            {
                "name": "Elsewhere",
                "currency_id": self.env.ref("base.EUR").id
                if self.company.currency_id != self.env.ref("base.EUR")
                else self.env.ref("base.USD").id,
            }
        )
        self.accountant.sudo().company_ids |= elsewhere
        case, lot = self._bought()
        refund = self._return(case, 4, lot).refund_ids
        refund.invoice_date = refund.date
        refund.with_user(self.accountant).with_company(elsewhere).with_context(
            allowed_company_ids=(elsewhere | self.company).ids
        ).action_post()
        credit = case.cost_ids.filtered("refund_id")
        self.assertEqual(credit.company_id, self.company)
        self.assertEqual(credit.currency_id, self.company.currency_id)
        self.assertEqual(credit.amount, -8)

    def test_closed_cases_are_credited_too(self):
        """A credit that comes late needs no case to be opened again."""
        case, lot = self._bought()
        row = self._return(case, 10, lot)
        self.assertEqual(case.state, "follow_up")
        case.with_user(self.manager).action_close()
        self._post(row.refund_ids)
        self.assertEqual(case.cost_total, 0)

    def test_other_credit_notes_cost_nothing(self):
        """No cost, and one query, for credit notes that have nothing to do with it."""
        line = self._buy(10, lots=["L1"])
        bill = self._bill(line)
        refund = bill._reverse_moves([{"invoice_date": fields.Date.today()}])
        before = self.env["qms.nonconformance.cost"].search_count([])
        self._post(refund)
        self.assertEqual(self.env["qms.nonconformance.cost"].search_count([]), before)
        refund.button_draft()
        self.env.flush_all()
        with self.assertQueryCount(1):
            refund._qms_get_returned()
        with self.assertQueryCount(0):
            self.env["account.move"]._qms_get_returned()
