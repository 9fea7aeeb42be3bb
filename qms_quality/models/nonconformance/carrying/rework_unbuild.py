from odoo import models
from odoo.fields import Domain

from ...sentinel import trusted, untrusted


class QmsDisposition(models.Model):
    """Rework by taking goods apart and building them again."""

    _inherit = "qms.disposition"

    def _get_rework_unbuild_problems(self):
        """Return why the goods can't be taken apart and built again, as texts."""
        self.ensure_one()
        if not self._get_manufacturing_type():
            return [self.env._("there is no manufacturing in the goods' warehouse.")]
        bom = self._get_build_bom()
        if not bom:
            return [
                self.env._(
                    "no bill of materials says what %(product)s is built of.",
                    product=self.product_id.display_name,
                )
            ]
        if bom.product_tmpl_id != self.product_id.product_tmpl_id:
            return [
                self.env._(
                    "%(bom)s doesn't build %(product)s.",
                    bom=bom.display_name,
                    product=self.product_id.display_name,
                )
            ]
        return [
            *self._get_parts_problems(bom),
            *self._get_mixing_problems(
                bom.bom_line_ids.product_id, self._get_unbuild_place()
            ),
            *self._get_mixing_problems(
                bom.byproduct_ids.product_id, self._get_output_place()
            ),
        ]

    def _get_parts_problems(self, bom):
        parts = bom.bom_line_ids.product_id | bom.byproduct_ids.product_id
        tracked = parts.filtered(lambda product: product.tracking != "none")
        if not tracked or self._find_production():
            return []
        return [
            self.env._(
                "the manufacturing order that made %(goods)s isn't known, so nobody"
                " can say which lots these parts are of: %(parts)s.",
                goods=self.lot_id.name or self.product_id.display_name,
                parts=", ".join(tracked.mapped("display_name")),
            )
        ]

    def _get_build_bom(self):
        """Return the bill of materials that the goods are taken apart and built by."""
        made_by = self.bom_id or self._find_production().bom_id
        boms = self.env["mrp.bom"]._bom_find(
            self.product_id, company_id=self.company_id.id, bom_type="normal"
        )
        return made_by or boms[self.product_id]

    def _find_production(self):
        """Return the manufacturing order that made the goods under this number.

        Not that of a lot that they were split from: core would find none of its parts.
        """
        if not self.lot_id:
            return self.env["mrp.production"]
        line = self.env["stock.move.line"].search(
            Domain("lot_id", "=", self.lot_id.id)
            & Domain("state", "=", "done")
            & Domain("product_id", "=", self.product_id.id)
            & Domain("move_id.production_id.state", "=", "done")
            & Domain("move_id.production_id.product_id", "=", self.product_id.id),
            order="id desc",
            limit=1,
        )
        return line.move_id.production_id

    def _rework_by_unbuild(self):
        """Return the order that takes the goods apart, for production to carry out."""
        orders = trusted(self.env["mrp.unbuild"])
        return untrusted(orders.create(self._prepare_unbuild()))

    def _prepare_unbuild(self):
        return {
            "product_id": self.product_id.id,
            "lot_id": self.lot_id.id,
            "product_qty": self.quantity,
            "product_uom_id": self.product_id.uom_id.id,
            "mo_id": self._find_production().id,
            "bom_id": self._get_build_bom().id,
            "location_id": self.location_id.id,
            "location_dest_id": self._get_unbuild_place().id,
            "company_id": self.company_id.id,
            "qms_disposition_id": self.id,
        }

    def _get_unbuild_place(self):
        """Return where the parts go that come out."""
        return self.location_dest_id or self.location_id.warehouse_id.lot_stock_id

    def _foresee_line(self, move):
        """Return the line, not saved, by which ``move`` will take the goods."""
        self.ensure_one()
        return self.env["stock.move.line"].new(
            {
                "move_id": move.id,
                "product_id": self.product_id.id,
                "product_uom_id": self.product_id.uom_id.id,
                "quantity": self.quantity,
                "lot_id": self.lot_id.id,
                "location_id": self.location_id.id,
                "location_dest_id": move.location_dest_id.id,
                "package_id": self.package_id.id,
                "owner_id": self.owner_id.id,
                "company_id": self.company_id.id,
            }
        )

    def _rebuild(self, unbuild):
        """Make the order that builds again what ``unbuild`` has taken apart."""
        self.ensure_one()
        row = self.sudo().with_company(self.company_id)
        bom = row._get_build_bom()
        production = row._make_production(
            {
                **row._prepare_production(),
                "bom_id": bom.id,
                "product_qty": row.product_id.uom_id._compute_quantity(
                    row.quantity, bom.product_uom_id
                ),
                "product_uom_id": bom.product_uom_id.id,
                "location_src_id": unbuild.location_dest_id.id,
            }
        )
        row._confirm_production(production)
        # the case holds the parts: just this order may use them up
        row._permit(production.move_raw_ids.move_line_ids)
        row._log_case(
            row.env._(
                "%(row)s: taken apart by %(unbuild)s, to be built again by %(order)s",
                row=row.display_name,
                unbuild=unbuild.name,
                order=production.name,
            )
        )
