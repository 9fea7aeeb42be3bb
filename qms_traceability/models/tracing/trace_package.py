from odoo import api, models


class QmsTrace(models.AbstractModel):
    """What the goods were packed in."""

    _inherit = "qms.trace"

    @api.model
    @api.readonly
    def get_packages(self, lot_ids):
        """Return the packages that lots are or were in, and how much of them.

        :param list lot_ids: see :meth:`get_stock`
        :return: list of ``{"package_id": int, "package": str, "lot_id", "lot",
            "product_id", "product", "uom", "quantity": what is in it now, "date": when
            it last moved, str or False}``
        """
        lots = self._get_lots(lot_ids)
        found = {}
        for package, lot, date in self._get_packed(lots):
            known = found.get((package, lot))
            found[package, lot] = max(date, known) if known else date
        inside = self._get_inside(lots)
        found.update({pair: found.get(pair, False) for pair in inside})
        return [
            {
                "package_id": package.id,
                "package": package.name,
                "lot_id": lot.id,
                "lot": lot.name,
                "product_id": lot.product_id.id,
                "product": lot.product_id.display_name,
                "uom": lot.product_id.uom_id.name,
                "quantity": inside.get((package, lot), 0.0),
                "date": self._get_text(date),
            }
            for (package, lot), date in found.items()
        ]

    @api.model
    def _get_packed(self, lots):
        """Yield ``(package, lot, date)`` of what was moved in packages."""
        for name in ("package_id", "result_package_id"):
            # sudo: names of packages whose lines the user may read
            yield from (
                (package.sudo(), lot.sudo(), date)
                for package, lot, date in self.env["stock.move.line"]._read_group(
                    [("lot_id", "in", lots.ids), (name, "!=", False)],
                    [name, "lot_id"],
                    ["date:max"],
                )
            )

    @api.model
    def _get_inside(self, lots):
        """Return ``{(package, lot): quantity}`` of what is in packages now."""
        groups = self.env["stock.quant"]._read_group(
            [("lot_id", "in", lots.ids), ("package_id", "!=", False)],
            ["package_id", "lot_id"],
            ["quantity:sum"],
        )
        # sudo: see above
        return {(box.sudo(), lot.sudo()): quantity for box, lot, quantity in groups}
