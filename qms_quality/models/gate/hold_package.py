from odoo import models
from odoo.fields import Domain


class QmsHold(models.Model):
    """A package is held by what is in it, down to the smallest package."""

    _inherit = "qms.hold"

    def _unpack(self, vals_list):
        """Replace what is to be held in a package by its content, as it lies.

        Taking one package out of another then changes nothing. A package without such
        goods is held as it is, for what may be put into it.

        :param list vals_list: values of holds
        :return: list of values of holds
        """
        packed = [vals for vals in vals_list if vals.get("package_id")]
        if not packed:
            return vals_list
        quants = self._get_packed_quants(packed)
        unpacked = []
        for vals in vals_list:
            inside = vals.get("package_id") and quants.filtered(
                lambda quant, vals=vals: self._is_packed(quant, vals)
            )
            unpacked += self._prepare_unpacked(vals, inside) if inside else [vals]
        return unpacked

    def _get_packed_quants(self, packed):
        # sudo: goods in the package that the user may not see are held with it
        return (
            self.env["stock.quant"]
            .sudo()
            .search(
                Domain("quantity", ">", 0)
                & Domain("product_id", "in", [vals["product_id"] for vals in packed])
                & Domain(
                    "package_id", "child_of", [vals["package_id"] for vals in packed]
                )
            )
        )

    def _is_packed(self, quant, vals):
        """Tell whether ``quant`` is what ``vals`` are about, in any package inside."""
        outer = f"/{vals['package_id']}/"
        return (
            quant.product_id.id == vals["product_id"]
            and outer in f"/{quant.package_id.parent_path}"
            and (not vals.get("lot_id") or quant.lot_id.id == vals["lot_id"])
        )

    def _prepare_unpacked(self, vals, quants):
        return [
            dict(vals, lot_id=lot.id, package_id=package.id)
            for lot, package in quants.grouped(lambda q: (q.lot_id, q.package_id))
        ]
