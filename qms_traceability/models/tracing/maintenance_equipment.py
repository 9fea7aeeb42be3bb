from odoo import api, fields, models
from odoo.exceptions import UserError


class MaintenanceEquipment(models.Model):
    """A machine stands at a work center; where it stood before is kept, too."""

    _name = "maintenance.equipment"
    _inherit = [
        "maintenance.equipment",
        "qms.audit.mixin",
        "qms.checked.input.mixin",
    ]

    qms_workcenter_id = fields.Many2one(
        "mrp.workcenter",
        string="Work Center",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
        help="What is made there is made with this equipment: traces and batch records"
        " name it.",
    )
    qms_placed_on = fields.Datetime(
        string="There Since",
        compute="_compute_qms_placed_on",
        inverse="_inverse_qms_placed_on",
        help="When it came to its work center, if not just now. Empty for its first"
        " place: since its effective date.",
    )
    qms_place_ids = fields.One2many(
        "qms.equipment.place", "equipment_id", string="Places", readonly=True
    )

    @api.depends("qms_place_ids.date_from", "qms_place_ids.date_to")
    def _compute_qms_placed_on(self):
        for equipment in self:
            equipment.qms_placed_on = equipment._qms_get_present_place().date_from

    @api.onchange("qms_workcenter_id")
    def _onchange_qms_workcenter_id(self):
        moved = self.qms_workcenter_id and self.qms_place_ids
        if self.qms_workcenter_id == self._origin.qms_workcenter_id:
            self.qms_placed_on = self._origin.qms_placed_on
        else:
            self.qms_placed_on = fields.Datetime.now() if moved else False

    @api.ondelete(at_uninstall=False)
    def _unlink_except_placed(self):
        placed = self.filtered(lambda one: one.sudo().qms_place_ids)
        if placed:
            raise UserError(
                self.env._(
                    "%s: batch records name what stood at a work center. Archive it"
                    " instead.",
                    ", ".join(placed.mapped("display_name")),
                )
            )
