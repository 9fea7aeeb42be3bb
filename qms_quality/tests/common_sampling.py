from .common_inspection import InspectionCase


class SamplingCase(InspectionCase):
    """Small factories for sampling plans, and what they make of receipts.

    ``cls.serial`` is tracked by serial number, ``cls.untracked`` is not tracked.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.serial = cls._make_product("Pump", tracking="serial")
        cls.weights = cls._make_weight_group()

    @classmethod
    def _make_plan(cls, method, **vals):
        return cls.env["qms.sampling.plan"].create(
            {"name": method, "method": method, **vals}
        )

    @classmethod
    def _sample_by(cls, plan, product=None, group=None, **vals):
        product = product or cls.product
        return cls._associate(
            group or cls.weights,
            product_ids=product.ids,
            sampling_plan_id=plan.id,
            **vals,
        )

    def _receive_samples(self, lots=None, **kwargs):
        """Receive goods; return the samples of the orders that this made."""
        return self._orders(self._receive(lots, **kwargs)).mapped("sample_quantity")

    @classmethod
    def _order_and_receive(cls, quantity, *parts, product=None):
        """Buy goods and receive them in parts, each a quantity or names of serials.

        :return: the quality orders after each part
        """
        product = product or cls.untracked
        purchase = cls.env["purchase.order"].create(
            {
                "partner_id": cls.partner.id,
                "picking_type_id": cls.warehouse.in_type_id.id,
                "order_line": [
                    (0, 0, {"product_id": product.id, "product_qty": quantity})
                ],
            }
        )
        purchase.button_confirm()
        made, seen = [], cls.env["qms.quality.order"]
        for part in parts:
            picking = purchase.picking_ids.filtered(lambda p: p.state != "done")
            cls._receive_part(picking, part)
            orders = seen.search([("purchase_id", "=", purchase.id)], order="id")
            made.append(orders - seen)
            seen = orders
        return made

    @classmethod
    def _receive_part(cls, picking, part):
        picking = picking.with_user(cls.clerk)
        picking.move_ids.move_line_ids.unlink()
        line = picking.move_ids._prepare_move_line_vals()
        if isinstance(part, list):
            lines = [{**line, "quantity": 1, "lot_name": name} for name in part]
        else:
            lines = [{**line, "quantity": part}]
        picking.env["stock.move.line"].create(lines)
        picking.move_ids.picked = True
        action = picking.button_validate()
        if isinstance(action, dict):
            picking.env[action["res_model"]].with_context(**action["context"]).create(
                {}
            ).process()

    def _count_defects(self, order, user=None, **found):
        """Enter the defects found by class, 0 for the others."""
        for defect in order.defect_ids.with_user(user or self.inspector):
            defect.found1 = found.get(defect.defect_class, 0)
