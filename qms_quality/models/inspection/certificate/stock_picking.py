from collections import defaultdict

from odoo import fields, models

from .certified import Certified


class StockPicking(models.Model):
    _inherit = "stock.picking"

    qms_certificate_count = fields.Integer(compute="_compute_qms_certificate_count")

    def _compute_qms_certificate_count(self):
        counts = dict(
            self.env["qms.certificate"]._read_group(
                [("picking_id", "in", self.ids)], ["picking_id"], ["__count"]
            )
        )
        for picking in self:
            picking.qms_certificate_count = counts.get(picking._origin, 0)

    def action_qms_certificate(self):
        """Open the dialog that makes the certificate of this delivery.

        :raise AccessError: if the user is no inspector
        """
        return self.env["qms.certificate.wizard"]._open(self)

    def action_open_certificates(self):
        """Open the certificates of these deliveries."""
        certificates = self.env["qms.certificate"]
        found = certificates.search([("picking_id", "in", self.ids)])
        return found._get_records_action(name=self.env._("Certificates"))

    # -- What the certificate of a delivery is about -----------------------------------

    def _qms_get_certified(self):
        """Return what a certificate of this delivery speaks of: :class:`Certified`.

        Lots with the same readings stand together. Goods that nobody has to inspect
        are left out, and so are goods without a lot: what was tested isn't known.
        """
        self.ensure_one()
        quantities = self._qms_get_lot_quantities()
        lots = self.env["stock.lot"].union(*quantities)
        orders = self.env["qms.quality.order"]
        governing = orders._get_governing_tests(lots, self.company_id)
        groups = defaultdict(self.env["stock.lot"].browse)
        for lot in self._qms_get_inspected(lots):
            groups[lot.product_id, governing[lot]] |= lot
        return [
            Certified(
                product,
                some,
                tests,
                sum(quantities[lot] for lot in some),
                product.uom_id,
            )
            for (product, tests), some in groups.items()
        ]

    def _qms_get_lot_quantities(self):
        """Return ``{lot: quantity}`` of what this delivery moves."""
        quantities = defaultdict(float)
        # sudo: a certificate says what is delivered, whoever asks for it
        lines = self.sudo().move_line_ids
        for line in lines.filtered("picked") or lines:
            if line.lot_id and line.quantity_product_uom:
                quantities[line.lot_id] += line.quantity_product_uom
        return dict(quantities)

    def _qms_get_inspected(self, lots):
        """Return the lots that a rule asks to inspect, or that somebody inspected."""
        # sudo: rules hold for whoever delivers
        rules = self.env["qms.quality.association"].sudo()
        covered = rules._get_covered(lots.product_id)
        orders = self.env["qms.quality.order"]._get_orders_of(
            lots, [("state", "!=", "cancelled")]
        )
        return lots.filtered(lambda lot: orders[lot] or lot.product_id in covered)

    def _qms_get_certificate_problems(self):
        """Return why this delivery gets no certificate, a line each."""
        self.ensure_one()
        if self.picking_type_code not in ("outgoing", "dropship"):
            return [self.env._("%s: not a delivery", self.name)]
        if self.state in ("draft", "cancel"):
            states = dict(self._fields["state"]._description_selection(self.env))
            return [f"{self.name}: {states[self.state]}"]
        return []
