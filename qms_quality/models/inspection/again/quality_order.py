from odoo import api, fields, models
from odoo.fields import Domain

from ..quality_order import DONE_STATES
from ..quality_order_left import UNHELD


class QmsQualityOrder(models.Model):
    """Lots in stock are inspected again: the order before, and the one after."""

    _inherit = "qms.quality.order"

    event = fields.Selection(
        selection_add=[("again", "Inspection again")],
        ondelete={"again": "set default"},
    )
    former_id = fields.Many2one(
        "qms.quality.order",
        string="Former Quality Order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    again_number = fields.Integer(
        string="Inspection again No.",
        readonly=True,
        copy=False,
        help="0: the first inspection of the lot.",
    )
    date_planned = fields.Datetime(
        string="Planned for",
        readonly=True,
        copy=False,
        help="When the timetable asked for this inspection.",
    )
    date_again = fields.Datetime(
        string="Next Inspection",
        readonly=True,
        copy=False,
        help="When the lot is inspected again, by the timetable of its quality plan.",
    )
    again_next = fields.Integer(readonly=True, copy=False, qms_audit=False)
    date_late = fields.Datetime(
        string="Late from",
        readonly=True,
        copy=False,
        help="The lot is put under inspection if it has not passed by then.",
    )

    _again_idx = models.Index("(date_again) WHERE date_again IS NOT NULL")
    _late_idx = models.Index("(date_late) WHERE date_late IS NOT NULL")

    @api.model
    def _get_protected_fields(self):
        return super()._get_protected_fields() | {
            "former_id",
            "again_number",
            "again_next",
            "date_planned",
            "date_again",
            "date_late",
        }

    def _can_be_inspected_again(self):
        """Tell whether the lots of this order can be inspected again after it."""
        self.ensure_one()
        in_stock = self.event == "again" or self.event not in UNHELD
        return bool(self.lot_ids) and in_stock and not self.is_pre_ship

    @api.model
    def _get_planned_domain(self, operator, value):
        """Return the domain of orders whose lots have an inspection at such a date."""
        return Domain("date_again", operator, value) | (
            Domain("date_planned", operator, value)
            & Domain("state", "not in", DONE_STATES)
        )

    def _get_planned_date(self):
        """Return when the next inspection of this order's lots is or was planned."""
        self.ensure_one()
        return self.date_again or (self.state not in DONE_STATES and self.date_planned)

    # -- What is held ------------------------------------------------------------------

    def _get_goods(self):
        return self._at_place(super()._get_goods())

    def _get_left_goods(self):
        return self._at_place(super()._get_left_goods())

    def _at_place(self, goods):
        """Return goods of an inspection again in one location as those in it only."""
        if self.event != "again" or not self.location_id:
            return goods
        return [dict(one, location_id=self.location_id.id) for one in goods]
