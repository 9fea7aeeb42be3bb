from datetime import UTC

from odoo import api, fields, models


class QmsRequiredMixin(models.AbstractModel):
    """An order line whose goods must meet something.

    It has one copy of the line of a card that applied when it was made, or none. The
    copy is found again when what it was chosen by changes, see
    ``qms.qrs.document.line._derive``.
    """

    _name = "qms.required.mixin"
    _description = "Order Line with Quality Requirements"

    qms_requirement_ids = fields.One2many(
        "qms.qrs.document.line",
        "res_id",
        "Quality Requirements",
        domain=lambda self: [("res_model", "=", self._name)],
    )

    # -- What the line is about: for each model to say ---------------------------------

    @api.model
    def _qms_get_demand_fields(self):
        """Return the fields that change what is demanded."""
        return {"product_id"}

    def _qms_get_demand(self):
        """Return the ``Demand`` of this line, None where nothing is demanded."""
        raise NotImplementedError

    def _qms_get_required_order(self):
        """Return the documents that these lines are on."""
        raise NotImplementedError

    def _qms_get_moved(self):
        """Return the lines of which goods were received, shipped or made."""
        raise NotImplementedError

    def _qms_get_requirement_sources(self):
        """Return ``{line: copy}`` for lines that take those of another document."""
        return {}

    def _qms_is_required_open(self):
        """Tell whether the line's document still looks for requirements."""
        return True

    # -- Finding them ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._qms_derive_requirements()
        return lines

    def write(self, vals):
        res = super().write(vals)
        if self._qms_get_demand_fields() & vals.keys():
            self._qms_derive_requirements()
        return res

    def unlink(self):
        self.env["qms.qrs.document.line"]._forget(self)
        return super().unlink()

    def _qms_derive_requirements(self):
        """Find what applies to these lines, all in one pass."""
        copies = self.env["qms.qrs.document.line"]
        is_used = self.env["qms.qrs"]._qms_is_used() or copies._qms_has_copies()
        if self and is_used:
            copies._derive(self)

    @api.model
    def _qms_get_day(self, moment, warehouse):
        """Return the day of a moment where the warehouse is; no moment: today."""
        moment = moment or fields.Datetime.now()
        zone = warehouse._qms_get_zone_info()
        return moment.replace(tzinfo=UTC).astimezone(zone).date()
