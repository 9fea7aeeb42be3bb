from odoo import fields, models
from odoo.fields import Command

from odoo.addons.qms_quality.models.sentinel import trusted


class QmsExpiryDecision(models.Model):
    """Destroy: the goods are scrapped at once, at their value."""

    _inherit = "qms.expiry.decision"

    scrap_reason_tag_ids = fields.Many2many(
        "stock.scrap.reason.tag",
        "qms_expiry_decision_scrap_reason_rel",
        "decision_id",
        "tag_id",
        string="Scrap Reasons",
        help="Kept with the scrap orders. Empty: near expiry.",
    )

    def _get_proposed_fields(self):
        return super()._get_proposed_fields() | {"scrap_reason_tag_ids"}

    def _get_destroy_problems(self, quants):
        """Return what keeps the goods from being destroyed."""
        return self._get_free_problems(quants)

    def _execute_destroy(self):
        for row in self:
            holds = row._get_holds()[row]
            scraps = self.env["stock.scrap"].sudo()
            for quant, quantity in row._spread().items():
                scrap = scraps.create(row._prepare_scrap(quant, quantity))
                # trusted: first, so that it isn't claimed of what is left
                trusted(row).done_quantity += quantity
                scrap._qms_scrap_permitted(row.reason, row, holds=holds)
                # trusted: it was decided just now
                trusted(scrap.move_ids).qms_expiry_decision_id = row
                scraps |= scrap
            row.message_post(
                body=row.env._("Destroyed by %s", ", ".join(scraps.mapped("name")))
            )
        self._finish()

    def _prepare_scrap(self, quant, quantity):
        tags = self.scrap_reason_tag_ids or self.env.ref(
            "qms_shelf_life.scrap_reason_near_expiry", raise_if_not_found=False
        )
        return {
            "product_id": self.product_id.id,
            "product_uom_id": self.uom_id.id,
            "lot_id": self.lot_id.id,
            "location_id": quant.location_id.id,
            "package_id": quant.package_id.id,
            "owner_id": quant.owner_id.id,
            "scrap_qty": quantity,
            "origin": self.display_name,
            "company_id": self.company_id.id,
            "scrap_reason_tag_ids": [Command.set(tags.ids if tags else [])],
        }

    def _get_documents(self):
        return [*super()._get_documents(), self.move_ids.scrap_id]
