from .common import STOCK_USER, QmsCase


class PosCase(QmsCase):
    """A register and its cashier. ``cls.config`` is None without Point of Sale."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "pos.config" not in cls.env:
            cls.config = None
            return
        # core lets nobody without rights on lots sell a product tracked by them
        cls.cashier = cls._make_user(
            "qms_cashier", "point_of_sale.group_pos_user", STOCK_USER
        )
        cls.config = cls.env["pos.config"].create({"name": "Farm shop"})
        cls.place = cls.config.picking_type_id.default_location_src_id
        (cls.product | cls.untracked).available_in_pos = True

    def setUp(self):
        super().setUp()
        if not self.config:
            self.skipTest("Point of Sale is not installed")

    def _sell(self, product, lot=None):
        """Send a paid order as the cashier's screen does."""
        config = self.config.with_user(self.cashier)
        method = config.payment_method_ids[:1]
        line = {
            "product_id": product.id,
            "qty": 1,
            "price_unit": 1,
            "price_subtotal": 1,
            "price_subtotal_incl": 1,
            "tax_ids": [(6, 0, [])],
        }
        if lot:
            line["pack_lot_ids"] = [(0, 0, {"lot_name": lot.name})]
        number = len(self.config.current_session_id.order_ids) + 1
        data = {
            "name": f"Order {number}",
            "uuid": f"12345-{number}-{product.id}-{lot.id if lot else 0}",
            "session_id": config.current_session_id.id,
            "user_id": self.cashier.id,
            "state": "paid",
            "amount_paid": 1,
            "amount_return": 0,
            "amount_tax": 0,
            "amount_total": 1,
            "date_order": "2026-01-01 10:00:00",
            "lines": [(0, 0, line)],
            "payment_ids": [
                (0, 0, {"amount": 1, "name": "now", "payment_method_id": method.id})
            ],
        }
        result = self.env["pos.order"].with_user(self.cashier).sync_from_ui([data])
        return self.env["pos.order"].browse(result["pos.order"][0]["id"])
