from odoo.tests import Form

from .common_disposing import DisposingCase

MRP_USER = "mrp.group_mrp_user"
BOOK_READERS = ("analytic.group_analytic_accounting", "account.group_account_readonly")


class ReworkCase(DisposingCase):
    """Factories for rework. ``cls.operator`` may only manufacture."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = cls._make_user("qms_operator", MRP_USER)
        # core reads journal entries and analytic lines of an order that it splits
        cls.foreman = cls._make_user("qms_foreman", MRP_USER, *BOOK_READERS)
        cls.retest = cls._make_weight_group("Weight again")
        cls.cheese = cls._make_product("Cheese", categ_id=cls.average.id)
        cls.bom = cls._make_bom(cls.cheese, (cls.milk, 2))

    @classmethod
    def _make_bom(cls, product, *components):
        return cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "product_qty": 1,
                "bom_line_ids": [
                    (0, 0, {"product_id": component.id, "product_qty": quantity})
                    for component, quantity in components
                ],
            }
        )

    def _rework(self, case, quantity, lot=None, way="production", **vals):
        """Have rework decided and carried out; return its row."""
        row = self._propose(
            case,
            "rework",
            quantity,
            lot,
            rework_way=way,
            **{"test_group_ids": [(6, 0, self.retest.ids)], **vals},
        )
        self._carry_out(case)
        return row

    def _produce(self, order, quantity=None, lot=None):
        """Produce and close an order as an operator, in part if there is a quantity."""
        order = order.with_user(self.operator)
        with Form(order) as form:
            form.qty_producing = quantity or order.product_qty
            if lot:
                form.lot_producing_ids.add(lot)
        action = order.button_mark_done()
        return action

    def _pass(self, orders):
        """Have quality orders pass, as an inspector."""
        for order in orders:
            self._fill(order)
        orders.with_user(self.inspector).action_validate()

    def _deliver(self, lot):
        """Deliver one of a lot as a clerk."""
        self._delivery(1, lot, product=lot.product_id).with_user(
            self.clerk
        ).button_validate()
