from odoo import api, fields, models

from .transaction import INSIDE


class StockLocation(models.Model):
    _inherit = "stock.location"

    qms_zone = fields.Selection(
        [("quarantine", "Quarantine zone"), ("reject", "Reject zone")],
        string="Quality Zone",
        help="Goods wait for their inspection in a quarantine zone, and for their"
        " disposition in a reject zone. Locations inside a zone belong to it.",
    )
    qms_zone_id = fields.Many2one(
        "stock.location",
        string="Inside Zone",
        compute="_compute_qms_zone_id",
        store=True,
        recursive=True,
        index="btree_not_null",
    )

    @api.depends("qms_zone", "location_id.qms_zone_id")
    def _compute_qms_zone_id(self):
        for location in self:
            location.qms_zone_id = (
                location if location.qms_zone else location.location_id.qms_zone_id
            )

    # -- A place that is moved takes its holds along -----------------------------------

    def write(self, vals):
        if "location_id" not in vals:
            return super().write(vals)
        covered = self._qms_get_covered_goods()
        res = super().write(vals)
        self._qms_keep_held(covered)
        return res

    def _qms_get_covered_goods(self):
        """Return the goods inside these places, with the narrow holds on them."""
        # sudo: the stock and its holds count for whoever moves the place
        quants = self.env["stock.quant"].sudo().search(
            [("location_id", "child_of", self.ids), ("quantity", ">", 0)]
        )
        goods = quants._qms_get_goods()
        covering = self.env["qms.hold"]._get_covering(goods)
        return [
            (one, hold)
            for one, holds in zip(goods, covering, strict=True)
            for hold in holds
            if hold.location_id
        ]

    def _qms_keep_held(self, covered):
        """Extend the holds on outer places that these places were moved out of."""
        vals_list = [
            hold._prepare_extension(goods)
            for goods, hold in covered
            if not hold._covers(goods)
        ]
        if vals_list:
            lines = self.env["stock.move.line"]
            self.env["qms.hold"]._place(lines._qms_get_new_extensions(vals_list))

    # -- What a movement is called -----------------------------------------------------

    def _qms_is_subcontractor(self):
        # mrp_subcontracting's method; its locations are of usage "internal"
        return "subcontractor_ids" in self._fields and bool(self.is_subcontract())

    def _qms_transaction_types(self, dest, *, scrap=False, inventory=False):
        """Return what a movement of goods from ``self`` to ``dest`` is called.

        :param dest: ``stock.location``
        :param bool scrap: the movement is a scrap order's
        :param bool inventory: the movement is a count's or a relocation's
        :return: tuple of transaction types that must all allow the movement; empty
            where nothing is asked (a count upwards, goods that stay in their place)
        """
        self.ensure_one()
        if dest.usage in INSIDE:
            if self.usage not in INSIDE:
                return self._qms_types_in()
            return self._qms_types_inside(dest)
        return self._qms_types_out(dest, scrap, inventory)

    def _qms_types_in(self):
        types = {
            "supplier": "receipt",
            "customer": "customer_return",
            "production": "output",
        }
        return (types[self.usage],) if self.usage in types else ()

    def _qms_types_out(self, dest, scrap, inventory):
        types = {
            "customer": "delivery",
            "production": "consumption",
            "supplier": "vendor_return",
        }
        if dest.usage in types:
            return (types[dest.usage],)
        if scrap or inventory:
            return ("scrap",) if scrap else ("adjustment",)
        # goods that get lost without a scrap order or a count: ask for both
        return ("scrap", "adjustment")

    def _qms_types_inside(self, dest):
        if self == dest:
            return ()
        if self.usage == "transit" and dest.usage != "transit":
            return ("receipt",)
        if self._qms_is_subcontractor() and not dest._qms_is_subcontractor():
            return ("transfer",) if dest.usage == "transit" else ("receipt",)
        if self._qms_leaves_facility(dest):
            return ("transfer",)
        if dest.qms_zone_id:
            return ("quarantine",)
        return ("put_away",) if self.qms_zone_id else ("internal",)

    def _qms_leaves_facility(self, dest):
        return (
            dest.usage == "transit"
            or self.warehouse_id != dest.warehouse_id
            or (dest._qms_is_subcontractor() and not self._qms_is_subcontractor())
        )

    def _qms_covers(self, location):
        """Tell whether ``location`` is ``self`` or lies inside it."""
        return (location.parent_path or "").startswith(self.parent_path or "-")
