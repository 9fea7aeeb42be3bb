from odoo import Command

from .common_inspection import InspectionCase


class PlanCase(InspectionCase):
    """Small factories for quality plans, and orders that are judged by them.

    ``cls.judged`` and ``cls.judged_2`` are tests that pass or fail as the inspector
    says. No plan exists until :meth:`_plan` makes one.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["qms.quality.plan"].search([]).active = False
        cls.judged = cls._make_test("Odour", test_type="pass_fail")
        cls.judged_2 = cls._make_test("Colour", test_type="pass_fail")

    @classmethod
    def _plan(cls, **vals):
        """Return a plan as a quality manager makes it; of the product, by default."""
        values = {"code": "P", "name": "Plan", "product_id": cls.product.id, **vals}
        plans = cls.env["qms.quality.plan"].with_user(cls.manager)
        return plans.create(values).with_user(cls.env.user)

    @classmethod
    def _judged_group(cls, name, required=1, others=0, readings=3, **vals):
        """Return a test group with a required test and another one, or either."""
        lines = [
            {
                "test_id": test.id,
                "required": test == cls.judged,
                "reading_number": readings,
                **vals,
            }
            for test, wanted in ((cls.judged, required), (cls.judged_2, others))
            if wanted
        ]
        return cls._make_group(name, *lines)

    @classmethod
    def _order_of(cls, groups, name="L1", user=None, **vals):
        """Return a quality order that an inspector makes by hand for a new lot."""
        product = cls.env["product.product"].browse(vals.get("product_id", 0))
        lot = cls._make_lot(name, product or cls.product)
        cls._stock_up(10, lot)
        orders = cls.env["qms.quality.order"].with_user(user or cls.inspector)
        return orders.create(
            {
                "product_id": lot.product_id.id,
                "lot_ids": [Command.set(lot.ids)],
                "quantity": 10,
                "test_group_ids": [Command.set(groups.ids)],
                **vals,
            }
        )

    def _read(self, order, test, *readings, user=None):
        """Record readings of a test, ``None`` for those that are left out."""
        line = order.test_ids.filtered(lambda one: one.test_id == test)
        for result, reading in zip(line.result_ids, readings, strict=False):
            if reading is not None:
                outcome = "pass" if reading else "fail"
                result.with_user(user or self.inspector).outcome = outcome

    def _status(self, order):
        return order.state, order.verdict, order.spec_ids.mapped("verdict")
