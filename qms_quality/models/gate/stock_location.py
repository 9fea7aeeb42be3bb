from odoo import api, fields, models
from odoo.exceptions import UserError

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

    # -- A place that is moved takes no goods out of their holds -----------------------

    def write(self, vals):
        if "location_id" in vals:
            self._qms_check_moved(vals["location_id"])
        return super().write(vals)

    def _qms_check_moved(self, parent_id):
        """Refuse to move a place out of one whose goods are held, with the goods."""
        moved = self.filtered(lambda location: location.location_id.id != parent_id)
        parent = self.browse(parent_id)
        # sudo: holds of other companies count too
        holds = self.env["qms.hold"].sudo().search(moved._qms_get_outer_hold_domain())
        left = holds.filtered(lambda hold: not hold.location_id._qms_covers(parent))
        if any(
            location._qms_covers(quant.location_id)
            for quant in left._get_quants()
            for location in moved
        ):
            raise UserError(
                self.env._(
                    "Goods in %(places)s are held with the place around it, by"
                    " %(holds)s. Release the holds, or move the goods by a transfer.",
                    places=", ".join(moved.mapped("display_name")),
                    holds=", ".join(left.mapped("name")),
                )
            )

    def _qms_get_outer_hold_domain(self):
        outer = self.location_id
        return [
            ("state", "=", "open"),
            ("location_id", "!=", False),
            ("location_id", "parent_of", outer.ids),
        ]
