from odoo import fields, models
from odoo.exceptions import AccessError

_ZONE_DOMAIN = "[('usage', '=', 'internal'), ('warehouse_id', '=', id)]"


class StockWarehouse(models.Model):
    """Where goods of this warehouse wait for their inspection and disposition."""

    _inherit = "stock.warehouse"

    qms_quarantine_location_id = fields.Many2one(
        "stock.location",
        string="Quarantine Zone",
        check_company=True,
        domain=_ZONE_DOMAIN,
        copy=False,
        help="Status rules can divert receipts here, where they wait for inspection.",
    )
    qms_reject_location_id = fields.Many2one(
        "stock.location",
        string="Reject Zone",
        check_company=True,
        domain=_ZONE_DOMAIN,
        copy=False,
        help="Goods in the quarantine zone that fail their inspection are sent here.",
    )
    qms_plant_manager_id = fields.Many2one(
        "res.users",
        string="Plant Manager",
        ondelete="set null",
        check_company=True,
        domain=[("share", "=", False)],
        copy=False,
        help="Approval rules can ask whom the warehouse names.",
    )
    qms_zone_done = fields.Boolean(
        string="Move Goods after Inspection",
        help="Put-aways and moves to the reject zone that follow an inspection are done"
        " at once, not only made and reserved.",
    )

    def write(self, vals):
        zones = {
            "qms_quarantine_location_id": "quarantine",
            "qms_reject_location_id": "reject",
        }
        res = super().write(vals)
        for name in zones.keys() & vals.keys():
            self[name].filtered(lambda place: not place.qms_zone).write(
                {"qms_zone": zones[name]}
            )
        return res

    def action_create_qms_zones(self):
        """Make the quarantine and the reject zone where they are missing.

        :raise AccessError: for those who are no quality managers
        """
        self._check_create_qms_zones()
        for warehouse in self:
            warehouse._qms_get_quarantine()
            warehouse._qms_get_reject()

    def _check_create_qms_zones(self):
        if not self.env.user.has_group("qms_quality.group_quality_manager"):
            raise AccessError(
                self.env._("Only quality managers may set up quality zones.")
            )

    def _qms_get_quarantine(self):
        """Return the quarantine zone, which is made where it is missing."""
        self.ensure_one()
        return self._qms_get_zone(
            "qms_quarantine_location_id", self.env._("Quarantine")
        )

    def _qms_get_reject(self):
        """Return the reject zone, which is made where it is missing."""
        self.ensure_one()
        return self._qms_get_zone("qms_reject_location_id", self.env._("Reject"))

    def _qms_get_zone(self, field, name):
        # sudo: a clerk's receipt may be the first that a rule diverts
        warehouse = self.sudo()
        if not warehouse[field]:
            warehouse[field] = (
                self.env["stock.location"]
                .sudo()
                .create(
                    {
                        "name": name,
                        "location_id": warehouse.view_location_id.id,
                        "usage": "internal",
                        "company_id": warehouse.company_id.id,
                    }
                )
            )
        return warehouse[field].sudo(self.env.su)
