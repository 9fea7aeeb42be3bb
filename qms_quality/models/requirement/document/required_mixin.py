from datetime import UTC

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..card.qrs_line_find import Demand


class QmsRequiredMixin(models.AbstractModel):
    """An order line whose goods must meet something.

    It has one copy of the line of a card that applied when it was made, or none. The
    copy is found again when what it was chosen by changes, see
    ``qms.qrs.document.line._derive``.
    """

    _name = "qms.required.mixin"
    _description = "Order Line with Quality Requirements"

    # the field that tells how much of a line was received or shipped
    _qms_moved_field = None

    qms_requirement_ids = fields.One2many(
        "qms.qrs.document.line",
        "res_id",
        "Requirements of the Line",
        domain=lambda self: [("res_model", "=", self._name)],
    )

    qms_requirement_state = fields.Selection(
        [
            ("required", "Requirements"),
            ("manual", "Requirements changed by hand"),
            ("notice", "Requirements to look at again"),
        ],
        "Requirements",
        compute="_compute_qms_requirement_state",
        compute_sudo=True,
    )

    @api.depends("qms_requirement_ids.manually_updated", "qms_requirement_ids.notice")
    def _compute_qms_requirement_state(self):
        copies = self.env["qms.qrs.document.line"]._get_copies(self._origin)
        for line in self:
            copy = copies.get(line._origin)
            line.qms_requirement_state = copy and (
                (copy.notice and "notice")
                or (copy.manually_updated and "manual")
                or "required"
            )

    # -- What the line is about: for each model to say ---------------------------------

    @api.model
    def _qms_get_demand_fields(self):
        """Return the fields that change what is demanded."""
        return {"product_id"}

    def _qms_get_demand(self):
        """Return the ``Demand`` of this line, None where nothing is demanded."""
        raise NotImplementedError

    def _qms_prepare_demand(self, kind, order, place, planned, warehouse):
        """Return the ``Demand`` of goods of an order, None of what isn't goods."""
        if self.product_id.type != "consu":
            return None
        return Demand(
            kind,
            self.product_id,
            order.partner_id.commercial_partner_id,
            place,
            self._qms_get_day(planned, warehouse),
            order.company_id,
            False,
        )

    def _qms_get_required_order(self):
        """Return the documents that these lines are on."""
        return self.order_id

    def _qms_get_moved(self):
        """Return the lines of which goods were received, shipped or made."""
        # goods that went back don't unlock what they were moved by
        return self.filtered(
            lambda line: (
                line[self._qms_moved_field]
                or any(move.state == "done" for move in line.sudo().move_ids)
            )
        )

    def _qms_get_requirement_sources(self):
        """Return ``{line: copy}`` for lines that take those of another document."""
        return {}

    def _qms_is_required_open(self):
        """Tell whether the line's document still looks for requirements."""
        return self._qms_get_required_order().state != "cancel"

    def _qms_is_agreed(self):
        """Tell whether the partner and we have agreed on the line's document."""
        return False

    def _qms_match_sources(self, lines, name):
        """Return ``{line: copy}``, by product, from what these lines' orders name.

        :param lines: of the documents that orders take requirements from
        :param str name: the orders' field that names one
        """
        by_product = {}
        copies = self.env["qms.qrs.document.line"]._get_copies(lines)
        for line, copy in copies.items():
            key = (line._qms_get_required_order(), line.product_id)
            by_product.setdefault(key, copy)
        return {
            line: by_product[key]
            for line in self
            if (key := (line.order_id[name], line.product_id)) in by_product
        }

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
        if self and self._qms_may_be_required():
            self.env["qms.qrs.document.line"]._derive(self)

    @api.model
    def _qms_may_be_required(self):
        """Tell whether anything is required of any goods. Costs no query."""
        copies = self.env["qms.qrs.document.line"]
        return self.env["qms.qrs"]._qms_is_used() or copies._qms_has_copies()

    # -- Seeing and adding them --------------------------------------------------------

    def action_qms_open_requirements(self):
        """Open what the goods of this line must meet.

        :return: an action, a dialog
        :raise UserError: if nothing applies
        """
        self.ensure_one()
        self.check_access("read")
        copy = self.env["qms.qrs.document.line"]._get_copies(self).get(self.sudo())
        if not copy:
            raise UserError(
                self.env._(
                    "%(product)s: no card applies to this line. A QRS administrator can"
                    " add requirements by hand.",
                    product=self.product_id.display_name,
                )
            )
        return copy._get_dialog()

    def action_qms_add_requirements(self):
        """Add requirements by hand where no card applies.

        :return: an action, the dialog to enter them
        :raise AccessError: to whoever is not a QRS administrator
        :raise UserError: if the line has some, is about no goods, or goods have moved
        """
        self.ensure_one()
        self.check_access("read")
        return self.env["qms.qrs.document.line"]._add_by_hand(self)._get_dialog()

    @api.model
    def _qms_get_day(self, moment, warehouse):
        """Return the day of a moment where the warehouse is; no moment: today."""
        moment = moment or fields.Datetime.now()
        zone = warehouse._qms_get_zone_info()
        return moment.replace(tzinfo=UTC).astimezone(zone).date()
