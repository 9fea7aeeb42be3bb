from odoo import api, models
from odoo.fields import Domain


class QmsQualityOrder(models.Model):
    """Goods that were checked on demand without being held are held when they fail."""

    _inherit = "qms.quality.order"

    _asked_idx = models.Index(
        "(production_id) WHERE event = 'manual' AND production_id IS NOT NULL"
    )

    def _hold_at_once(self):
        failed = self._get_unheld().filtered(lambda order: order._get_fatal_text())
        failed._place_asked_holds()
        return super()._hold_at_once()

    def _validate(self):
        # before: what fails replaces the holds that are there
        failed = self._get_unheld().filtered(
            lambda order: order._get_verdict() != "passed"
        )
        failed._place_asked_holds()
        return super()._validate()

    def _get_unheld(self):
        """Return the orders by hand that hold nothing while they wait."""
        asked = self.filtered(
            lambda order: order.event == "manual" and not order.hold_goods
        )
        if not asked:
            return asked
        held = self.env["qms.hold"]._search_open(self._name, asked.ids)
        return asked - self.browse(held.mapped("res_id"))

    def _place_asked_holds(self):
        if not self:
            return
        status = self._get_waiting_status()
        self.env["qms.hold"]._place(
            [
                {**order._prepare_hold_values(status), **goods}
                for order in self
                for goods in order._get_goods_and_parts()
            ]
        )

    # -- Goods that were still to come -------------------------------------------------

    @api.model
    def _get_expecting_domains(self, by_document):
        pickings = self.env["stock.picking"]
        productions = self.env["mrp.production"]
        for document in by_document:
            if document._name == productions._name:
                productions |= document
            else:
                pickings |= document.picking_id
        products = {m.product.id for group in by_document.values() for m in group}
        asked = (
            Domain("event", "=", "manual")
            & Domain("product_id", "in", list(products))
            & Domain("lot_ids", "=", False)
            # without a lot a tracked product isn't held by its place
            & (
                Domain("location_id", "=", False)
                | Domain("product_id.tracking", "!=", "none")
            )
            & (
                Domain("picking_id", "in", pickings.ids)
                | Domain("production_id", "in", productions.ids)
            )
        )
        return [*super()._get_expecting_domains(by_document), asked]

    @api.model
    def _expects_output(self):
        rules = self.env["qms.quality.association"]
        return super()._expects_output() or rules._has_asked()

    def _get_arrived(self, by_document):
        if self.event != "manual":
            return super()._get_arrived(by_document)
        return [
            movement
            for document, movements in by_document.items()
            if self._expects_from(document)
            for movement in movements
            if movement.product == self.product_id
        ]

    def _expects_from(self, document):
        if document._name == self.production_id._name:
            return document == self.production_id
        return bool(document.picking_id & self.picking_id)

    def _get_judged(self, own, arrived):
        # what failed before there were lots speaks for all of them
        fatal = self.event == "manual" and self._get_fatal_text()
        return arrived if fatal else super()._get_judged(own, arrived)

    def _prepare_share_values(self):
        values = super()._prepare_share_values()
        return {**values, "subject": self.subject} if self.subject else values

    def _prepare_arrived_values(self, movements):
        values = super()._prepare_arrived_values(movements)
        # who asks holds nothing; only what fails is held
        if self.event == "manual":
            values["hold_goods"] = self.hold_goods
        return values

    def _get_arrived_statuses(self):
        if self.event != "manual" or self.state == "validated":
            return super()._get_arrived_statuses()
        if why := self._get_fatal_text():
            return self.env.ref("qms_quality.status_on_hold"), why
        waiting = self._get_waiting_status()
        return (waiting if self.hold_goods else waiting.browse()), None
