from odoo import fields, models


class QmsDeviatingMixin(models.AbstractModel):
    """A document on which goods can depart from requirements."""

    _name = "qms.deviating.mixin"
    _description = "Document with Deviations"

    qms_deviation_count = fields.Integer(
        "Deviations", compute="_compute_qms_deviation_count"
    )
    qms_needs_approval = fields.Boolean(compute="_compute_qms_needs_approval")

    # -- For the model to say ----------------------------------------------------------

    def _qms_get_deviation_domain(self):
        """Return the domain of the deviations of these documents."""
        raise NotImplementedError

    def _qms_get_deviating_moves(self):
        """Return the open moves whose goods can need an approval."""
        raise NotImplementedError

    def _qms_prepare_deviation_by_hand(self):
        """Return the values that this document knows of a deviation."""
        raise NotImplementedError

    # -- Screen ------------------------------------------------------------------------

    def _compute_qms_deviation_count(self):
        # sudo: only a number; who may not read deviations isn't shown it
        deviations = self.env["qms.deviation"].sudo()
        (field,) = (leaf[0] for leaf in self._qms_get_deviation_domain())
        counts = dict(
            deviations._read_group(
                self._qms_get_deviation_domain(), [field], ["__count"]
            )
        )
        for document in self:
            document.qms_deviation_count = counts.get(document._origin.sudo(), 0)

    def _compute_qms_needs_approval(self):
        """Tell whether what is reserved needs an approval that isn't given."""
        moves = self._origin._qms_get_deviating_moves()
        asking = {
            one[0].line._qms_get_document() for one in moves._qms_get_unapproved()
        }
        for document in self:
            document.qms_needs_approval = document._origin in asking

    def action_open_deviations(self):
        """List the deviations of these documents."""
        deviations = self.env["qms.deviation"]
        return deviations._get_list_action(self._qms_get_deviation_domain())

    def action_ask_approval(self):
        """Record the departures of what is reserved that need approval.

        Once accepted, the goods can be posted.

        :raise AccessError: if the user may not change these documents
        :raise UserError: if nothing needs approval
        :return: action that lists the deviations
        """
        self.check_access("write")
        moves = self._qms_get_deviating_moves()
        deviations = self.env["qms.deviation"]._ask_for(moves)
        return deviations._get_list_action([("id", "in", deviations.ids)])

    def action_record_deviation(self):
        """Open the dialog that records a deviation by hand.

        :raise AccessError: if the user may not read this document
        """
        self.ensure_one()
        self.check_access("read")
        wizard = self.env["qms.deviation.record"]
        return wizard._open(self._qms_prepare_deviation_by_hand())
