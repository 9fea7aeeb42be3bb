import uuid

from .common import TraceCase


class TrackedCase(TraceCase):
    """A pump, by serial number, of a motor by serial number and a litre of oil."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.qms_tracked_new_numbers = "any"
        cls.pump = cls._make_product("Pump", tracking="serial", barcode="4006381333931")
        cls.motor = cls._make_product(
            "Motor", tracking="serial", barcode="4012345678901"
        )
        cls.oil = cls._make_product("Oil", barcode="4099999999996")
        cls.bom = cls._make_bom(cls.pump, {cls.motor: 1, cls.oil: 2})
        cls.oils = [cls._make_lot(f"OIL-{n}", cls.oil) for n in range(3)]
        for lot in cls.oils:
            cls._stock_up(100, lot)
        cls.motors = [cls._make_lot(f"MOT-{n}", cls.motor) for n in range(8)]
        for lot in cls.motors:
            cls._stock_up(1, lot)

    @classmethod
    def _order(cls, quantity=3, bom=None, **values):
        """Return a confirmed order, as the worker sees it."""
        bom = bom or cls.bom
        order = cls.env["mrp.production"].create(
            {
                "product_id": bom.product_tmpl_id.product_variant_id.id,
                "bom_id": bom.id,
                "product_qty": quantity,
                "picking_type_id": cls.warehouse.manu_type_id.id,
                "location_src_id": cls.stock.id,
                "location_dest_id": cls.stock.id,
                **values,
            }
        )
        order.action_confirm()
        return order.with_user(cls.worker)

    def _scan(self, order, code, product=None, component=None, quantity=None, **more):
        """Scan as the page does: the finished product first, then its components."""
        return order.qms_scan(
            {
                "id": more.pop("id", str(uuid.uuid4())),
                "code": code,
                "mode": "component" if product else "product",
                "product": product or False,
                "component": component and component.id,
                "quantity": quantity,
                **more,
            }
        )

    def _accept(self, order, code, *args, **named):
        """Scan, and expect it to be registered; return the answer."""
        answer = self._scan(order, code, *args, **named)
        self.assertIn(answer["outcome"], ("accepted", "selected"), answer["message"])
        return answer

    def _refuse(self, order, code, *args, **named):
        """Scan, and expect a refusal; return its sentence."""
        answer = self._scan(order, code, *args, **named)
        self.assertEqual(answer["outcome"], "refused", answer)
        log = self.env["qms.tracked.scan"].search([], limit=1)
        self.assertEqual((log.outcome, log.message), ("refused", answer["message"]))
        return answer["message"]

    def _build(self, order, number, motor, oil, quantity=2):
        """Register one pump with its motor and its oil; return its id."""
        row = self._accept(order, number)["product"]["id"]
        self._accept(order, motor.name, row)
        self._accept(order, oil.name, row, quantity=quantity)
        return row

    def _move(self, order, product):
        return order.move_raw_ids.filtered(lambda move: move.product_id == product)

    def _consumed(self, order):
        """Return ``{lot name: quantity}`` of what an order has consumed."""
        lines = order.sudo().move_raw_ids.move_line_ids.filtered(
            lambda line: line.state == "done" and line.quantity
        )
        return {
            lot.name: sum(own.mapped("quantity_product_uom"))
            for lot, own in lines.grouped("lot_id").items()
        }
