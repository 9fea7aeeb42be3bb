from functools import wraps

from odoo import api, models

from .transaction import Goods

# What is patched of Point of Sale, which may be absent: model, method.
_PATCHES = {
    "pos.order.line": "get_existing_lots",
    "pos.session": "_create_picking_at_end_of_session",
    "stock.picking": "_create_picking_from_pos_order_lines",
}


class QmsPointOfSale(models.AbstractModel):
    """Point of Sale swallows refusals when it posts: make them seen.

    Held lots are not offered, and refused when they are typed or scanned; an order with
    one is refused when it is sent, and what is refused in spite of that, because the
    goods were held after the sale, becomes an activity on the transfer that stays open.
    """

    _name = "qms.point.of.sale"
    _description = "Quality at the Point of Sale"

    def _register_hook(self):
        super()._register_hook()
        if "pos.order" not in self.env:
            return
        for model, name in _PATCHES.items():
            self._patch(model, name, getattr(self, f"_make_{name.strip('_')}"))

    def _unregister_hook(self):
        for model, name in _PATCHES.items():
            if model in self.env:
                patched = vars(self.env.registry[model]).get(name)
                if hasattr(patched, "qms_origin"):
                    delattr(self.env.registry[model], name)
        return super()._unregister_hook()

    def _patch(self, model, name, make):
        model_class = self.env.registry[model]
        if hasattr(vars(model_class).get(name), "qms_origin"):
            return
        origin = getattr(model_class, name)
        method = wraps(origin)(make(origin))
        method.qms_origin = origin
        setattr(model_class, name, method)

    def _make_get_existing_lots(self, origin):
        def get_existing_lots(self, company_id, config_id, product_id):
            lots = origin(self, company_id, config_id, product_id)
            place = self.env["pos.config"].browse(config_id).picking_type_id
            allowed = self.env["qms.point.of.sale"]._get_sellable(
                [lot["id"] for lot in lots], place.default_location_src_id
            )
            return [
                dict(lot, product_qty=allowed[lot["id"]])
                for lot in lots
                if lot["id"] in allowed
            ]

        return get_existing_lots

    def _make_create_picking_at_end_of_session(self, origin):
        def _create_picking_at_end_of_session(self):
            # goods that were sold are gone: closing must not fail, see below
            return origin(self.with_context(qms_picked_by_system=True))

        return _create_picking_at_end_of_session

    def _make_create_picking_from_pos_order_lines(self, origin):
        def _create_picking_from_pos_order_lines(self, *args, **kwargs):
            pickings = origin(self, *args, **kwargs)
            swallowed = pickings.filtered(lambda picking: picking.state != "done")
            swallowed._qms_report_refusal()
            return pickings

        return _create_picking_from_pos_order_lines

    @api.model
    def get_refusal(self, config_id, product_id, lot_names):
        """Return why lots can't be sold at a register, for people; False if they can.

        :param int config_id: the register, a ``pos.config``
        :param int product_id: the product
        :param list lot_names: names of its lots, as typed or scanned
        :raise AccessError: if the user may not read the register
        """
        config = self.env["pos.config"].browse(config_id)
        config.check_access("read")
        place = config.picking_type_id.default_location_src_id
        # sudo: cashiers have no rights on stock
        lots = (
            self.env["stock.lot"]
            .sudo()
            .search(
                [
                    ("product_id", "=", product_id),
                    ("name", "in", lot_names),
                    ("company_id", "in", [config.company_id.id, False]),
                ]
            )
        )
        rows = self._get_refusal_rows(lots, place.sudo())
        return bool(rows) and self._get_refusal_text(lots, rows)

    @api.model
    def _get_refusal_text(self, lots, rows):
        """Return the whole message: which lots, why, and what to do."""
        return self.env._(
            "These goods are held and can't be sold:\n%(rows)s\n"
            "Take other goods, or ask for the release.",
            rows="\n".join(rows),
        )

    def _get_refusal_rows(self, lots, place):
        sellable = self._get_sellable(lots.ids, place)
        held = lots.filtered(lambda lot: lot.id not in sellable)
        package = self.env["stock.package"]
        answers = self.env["qms.hold"]._qms_gate_reasons(
            [Goods(lot.product_id, lot, place, package) for lot in held], "delivery"
        )
        lines = self.env["stock.move.line"].sudo()
        return [
            f"{lot.name}: {lines._qms_get_reason_text(reason)}"
            for lot, reasons in zip(held, answers, strict=True)
            for reason in reasons
            if reason.policy == "block"
        ]

    def _get_sellable(self, lot_ids, location):
        """Return ``{lot id: quantity}`` of what may be delivered from ``location``."""
        # sudo: cashiers have no rights on stock
        quants = (
            self.env["stock.quant"]
            .sudo()
            .search(
                [
                    ("lot_id", "in", lot_ids),
                    ("location_id", "in", location.child_internal_location_ids.ids),
                    ("quantity", ">", 0),
                ]
            )
        )
        answers = self.env["qms.hold"]._qms_gate_reasons(
            quants._qms_get_goods(), "delivery"
        )
        sellable = {}
        for quant, reasons in zip(quants, answers, strict=True):
            if not any(reason.policy == "block" for reason in reasons):
                lot = quant.lot_id.id
                sellable[lot] = sellable.get(lot, 0.0) + quant.quantity
        return sellable
