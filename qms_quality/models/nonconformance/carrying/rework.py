from odoo import api, fields, models

from ...gate.transaction import Goods
from .stock_move_carrying import OVER

CONSUMING = ("production", "unbuild")


class QmsDisposition(models.Model):
    """Goods are worked on again, and what comes of it is tested again."""

    _inherit = "qms.disposition"

    production_ids = fields.One2many(
        "mrp.production",
        "qms_disposition_id",
        string="Manufacturing Orders",
        readonly=True,
        copy=False,
    )
    unbuild_ids = fields.One2many(
        "mrp.unbuild",
        "qms_disposition_id",
        string="Unbuild Orders",
        readonly=True,
        copy=False,
    )

    # -- What keeps them from it -------------------------------------------------------

    def _get_rework_problems(self):
        """Return why the goods can't be reworked so, as texts; nothing if they can."""
        self.ensure_one()
        if not self.rework_way:
            return [self.env._("choose by what the goods are reworked.")]
        # sudo: an inspector decides, and has no rights on manufacturing
        row = self.sudo()
        return [
            *getattr(row, f"_get_rework_{row.rework_way}_problems")(),
            *row._get_retest_problems(),
            *row._get_output_problems(),
            *row._get_reserved_problems(),
        ]

    def _get_output_problems(self):
        """Return why what comes of it couldn't be told from what is still held."""
        place = self._get_output_place()
        if not place or place.usage != "internal":
            return [self.env._("choose a place in stock for the reworked goods.")]
        nothing = self.env["stock.lot"], place, self.env["stock.package"]
        holds = self.nonconformance_id._get_open_holds()
        [covering] = holds._match_goods([Goods(self._get_output_product(), *nothing)])
        if not covering:
            return []
        return [
            self.env._(
                "the case holds all of the product in %(place)s, and what is reworked"
                " would be held with it. Choose another place for it to go to.",
                place=place.display_name,
            )
        ]

    def _get_rework_place(self):
        """Return where the goods go, for the gate: used up, or mended elsewhere."""
        if self.rework_way in CONSUMING:
            product = self.product_id.with_company(self.company_id)
            return product.property_stock_production
        return self.location_dest_id

    def _get_output_product(self):
        """Return the product that comes of it."""
        self.ensure_one()
        if self.rework_way != "production" or not self.bom_id:
            return self.product_id
        return self.bom_id.product_id or self.bom_id.product_tmpl_id.product_variant_id

    def _get_output_place(self):
        """Return where what comes of it goes."""
        self.ensure_one()
        if self.rework_way == "repair":
            return self.location_dest_id or self.location_id
        kind = self._get_manufacturing_type()
        return self.location_dest_id or kind.default_location_dest_id

    def _get_manufacturing_type(self):
        return self.bom_id.picking_type_id or self.location_id.warehouse_id.manu_type_id

    # -- Carrying it out ---------------------------------------------------------------

    def _execute_rework(self):
        """Prepare the rework: an order, reserved and permitted, for others to do."""
        for row in self:
            document = getattr(row, f"_rework_by_{row.rework_way}")()
            row._log_case(
                row.env._(
                    "%(row)s: to be reworked by %(document)s",
                    row=row.display_name,
                    document=document.display_name,
                )
            )

    def _make_output_lot(self):
        """Return the lot of what comes of it; empty, where whoever makes it chooses.

        The same product gets a lot of its own, which keeps where it comes from: the
        rest of the old lot may still be held. A serial number stays what it is.
        """
        self.ensure_one()
        if self._get_output_product() != self.product_id:
            return self.env["stock.lot"]
        if self.product_id.tracking != "lot" or not self.lot_id:
            return self.lot_id
        return self.lot_id._qms_create_child()

    def _get_unused_child(self):
        """Return the lot that was made for an earlier try, if nothing came of that."""
        lot = self.child_lot_id
        moved = lot and self.env["stock.move.line"].search_count(
            [("lot_id", "=", lot.id), ("state", "=", "done")], limit=1
        )
        return lot.browse() if moved else lot

    # -- What became of it -------------------------------------------------------------

    def _has_open_documents(self):
        return (
            super()._has_open_documents()
            or any(order.state not in OVER for order in self.production_ids)
            or "draft" in self.unbuild_ids.mapped("state")
        )

    def _get_documents(self):
        return [*super()._get_documents(), self.production_ids, self.unbuild_ids]

    @api.depends("production_ids.state", "unbuild_ids.state")
    def _compute_document_names(self):
        return super()._compute_document_names()
