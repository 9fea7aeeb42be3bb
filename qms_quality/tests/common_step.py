from .common_inspection import InspectionCase

PURCHASER = "purchase.group_purchase_user"
SELLER = "sales_team.group_sale_salesman"
ACCOUNTANT = "account.group_account_invoice"


class StepCase(InspectionCase):
    """Documents by the users who make them, and rules that they wait for.

    ``cls.small`` is a test group of one measurement: 4–6 kg.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.qms_close_needs_signoff = False
        cls.company.qms_start_needs_components = False
        cls.small = cls._make_weight_group("Weight")
        cls.purchaser = cls._make_user("qms_purchaser", PURCHASER)
        cls.seller = cls._make_user("qms_seller", SELLER)
        cls.accountant = cls._make_user("qms_accountant", ACCOUNTANT)
        cls.product.invoice_policy = "order"
        cls.product.purchase_method = "purchase"

    @classmethod
    def _rule(cls, event, *steps, **vals):
        vals = {"product_ids": cls.product.ids, **vals}
        blocks = {f"block_{step}": True for step in steps}
        return cls._associate(cls.small, event=event, **blocks, **vals)

    def _orders_of(self, rule):
        return self.env["qms.quality.order"].search(
            [("association_id", "=", rule.id)], order="id"
        )

    def _inspect(self, orders, fail=False):
        """Take the readings and validate, as an inspector."""
        for order in orders:
            self._fill(order, fail=fail)
        orders.with_user(self.inspector).action_validate()

    def _buy(self, quantity=10, product=None):
        """Confirm a purchase as a buyer; return it, and its receipt for the clerk."""
        purchase = self.env["purchase.order"].with_user(self.purchaser)
        purchase = purchase.create(
            {
                "partner_id": self.partner.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "order_line": [
                    (
                        0,
                        0,
                        {
                            "product_id": (product or self.product).id,
                            "product_qty": quantity,
                            "price_unit": 1,
                        },
                    )
                ],
            }
        )
        purchase.button_confirm()
        return purchase, purchase.sudo().picking_ids.with_user(self.clerk)

    def _invoice(self, sale):
        """Press Create Invoice as the seller; return the draft for the accountant."""
        wizard = self.env["sale.advance.payment.inv"].with_user(self.seller)
        wizard.create({"sale_order_ids": sale.ids}).create_invoices()
        return sale.sudo().invoice_ids.with_user(self.accountant)

    def _name_lot(self, picking, name):
        picking.move_ids.move_line_ids.lot_name = name

    def _transfer(self, lot, source=None, dest=None, quantity=4):
        """Return a confirmed internal transfer, reserved, as the clerk."""
        picking = self._picking(
            "internal",
            quantity,
            lot.product_id,
            source=source or self.stock,
            dest=dest or self.shelf,
        ).with_user(self.clerk)
        picking.action_confirm()
        picking.action_assign()
        return picking

    def _assert_waits(self, document, orders, call, *args):
        """Assert that ``call`` is refused in so many words; nothing has changed."""
        rows = "".join(
            f"\n- {order.name}: {self._goods_text(order)}, Weight"
            f" ({'Failed' if order.verdict else self._state(order)})"
            for order in orders
        )
        with self.assertRaisesRegex(Exception, "has to wait") as error:
            with self.env.cr.savepoint():
                call(*args)
        self.assertEqual(
            str(error.exception),
            f"{document} has to wait until these quality orders have passed:{rows}\n"
            "Finish the inspections. What has failed can be taken off the document, or"
            " a quality manager can reopen the order and have it inspected again.",
        )

    def _goods_text(self, order):
        parts = (order.product_id.display_name, order.lot_names)
        return " · ".join(part for part in parts if part)

    def _state(self, order):
        return {"draft": "To Do", "open": "In Progress"}[order.state]
