from odoo import api, fields, models


class QmsEquipmentPlace(models.Model):
    """A machine stood at a work center for a while.

    Batch records name it by this, not by where it stands today. Rows are made and ended
    when the work center on the equipment changes, and never deleted.
    """

    _name = "qms.equipment.place"
    _description = "Place of Equipment"
    _inherit = ["qms.protected.mixin", "qms.audit.mixin"]
    _qms_audit_whole = "equipment_id"
    _order = "id desc"
    _rec_name = "workcenter_id"

    equipment_id = fields.Many2one(
        "maintenance.equipment", required=True, readonly=True, ondelete="restrict"
    )
    workcenter_id = fields.Many2one(
        "mrp.workcenter",
        string="Work Center",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    date_from = fields.Datetime(
        string="From", readonly=True, help="Empty: since it was put into use."
    )
    date_to = fields.Datetime(string="To", readonly=True, help="Empty: still there.")

    _of_equipment = models.Index("(equipment_id)")
    _of_workcenter = models.Index("(workcenter_id, date_to)")
    _one_at_a_time = models.UniqueIndex(
        "(equipment_id) WHERE date_to IS NULL",
        "Equipment stands at one work center at a time: load the page again.",
    )

    @api.model
    def _get_protection_text(self):
        return self.env._(
            "Where equipment stood is noted when its work center changes, and stays so."
        )

    @api.model
    def _get_at(self, centers, start, end):
        """Return the places of work centers that hold between two moments.

        :param centers: ``mrp.workcenter``
        :param datetime start: the earlier moment
        :param datetime end: the later moment
        """
        return self.search(
            [
                ("workcenter_id", "in", centers.ids),
                "|",
                ("date_from", "=", False),
                ("date_from", "<=", end),
                "|",
                ("date_to", "=", False),
                ("date_to", ">", start),
            ]
        )

    def _holds(self, start, end):
        """Tell whether the machine stood there, in use, at some time of a span."""
        self.ensure_one()
        came, left = self.date_from, self.date_to
        machine = self.equipment_id
        return (
            (not came or came <= start or came < end)
            and (not left or left > start)
            and (not came or not left or came < left)
            and (not machine.effective_date or machine.effective_date <= end.date())
            and (not machine.scrap_date or machine.scrap_date >= start.date())
        )
