from odoo import models

from ...sentinel import trusted


class QmsDisposition(models.Model):
    """Scrap: the goods leave the stock, at their value."""

    _inherit = "qms.disposition"

    def _get_scrap_problems(self):
        """Return what keeps the goods from being scrapped."""
        return []

    def _get_scrap_place(self):
        product = self.product_id.with_company(self.company_id)
        return product.property_stock_inventory

    def _get_flow(self):
        return {"scrap": True} if self.kind == "scrap" else super()._get_flow()

    def _execute_scrap(self):
        for row in self:
            scrap = row._get_scraps().create(row._prepare_scrap())
            scrap._qms_scrap_permitted(
                row._get_ending_reason(),
                row,
                holds=row.nonconformance_id._get_open_holds(),
            )
            trusted(scrap.move_ids).qms_disposition_id = row
            row._set_done()

    def _get_scraps(self):
        # sudo: who decides on goods need not be allowed to scrap
        return self.env["stock.scrap"].sudo()

    def _prepare_scrap(self):
        return {
            "product_id": self.product_id.id,
            "product_uom_id": self.product_id.uom_id.id,
            "lot_id": self.lot_id.id,
            "location_id": self.location_id.id,
            "package_id": self.package_id.id,
            "owner_id": self.owner_id.id,
            "scrap_qty": self.quantity,
            "origin": self.nonconformance_id.name,
            "company_id": self.company_id.id,
        }
