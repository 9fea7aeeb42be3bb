from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class QmsTrace(models.AbstractModel):
    """Pallets and containers are traced like lots."""

    _inherit = "qms.trace"

    @api.model
    @api.readonly
    def get_package_history(self, package_ids):
        """Return where packages have been and what was in them, oldest first.

        Packages inside them are told of, too.

        :param list package_ids: ids of ``stock.package``
        :return: list of ``{"date": str, "package": the one that came or went, "into":
            package it was put into or False, "from": place, "to": place, "document":
            str, "partner": str or False, "owner": str or False, "lot_id": int or False,
            "lot": str or False, "product_id": int, "product": str, "quantity": float,
            "uom": str}``
        :raise UserError: where these are no ids
        :raise AccessError: where the user may not read the packages, or no genealogy
        """
        self.env["qms.lot.link"].check_access("read")
        if not self._are_ids(package_ids):
            raise UserError(
                self.env._(
                    "%(given)s: give the ids of packages.", given=repr(package_ids)[:80]
                )
            )
        packages = self.env["stock.package"].browse(package_ids).exists()
        packages.check_access("read")
        domain = packages._qms_get_traced_lines_domain()
        lines = self.env["stock.move.line"].search(
            domain & Domain("state", "=", "done"), order="date, id"
        )
        # sudo: names of places, documents and partners of lines that the user may read
        return [self._prepare_package_line(line) for line in lines.sudo()]

    @api.model
    def _prepare_package_line(self, line):
        return {
            **self._prepare_goods(line),
            "date": self._get_text(line.date),
            "package": line.package_id.name or False,
            "into": line.result_package_id.name or False,
            "from": line.location_id.complete_name,
            "to": line.location_dest_id.complete_name,
            "document": line.reference or "",
            "partner": line.picking_id.partner_id.display_name or False,
            "owner": line.owner_id.display_name or False,
            "quantity": line.quantity_product_uom,
        }
