from odoo import api, models
from odoo.exceptions import UserError

from ...sentinel import trusted


class QmsQrsDocumentLine(models.Model):
    """Requirements that a QRS administrator adds where no card applies."""

    _inherit = "qms.qrs.document.line"

    @api.model
    def _add_by_hand(self, line):
        """Return an empty copy for an order line, to be filled in by hand.

        :raise AccessError: to whoever is not a QRS administrator
        :raise UserError: if the line has requirements, is about no goods, or is locked
        """
        self._check_administrator()
        line = line.sudo()
        demand = line._qms_get_demand()
        if problem := self._get_adding_problem(line, demand):
            raise UserError(problem)
        # sudo: copies are made by the server; the right was checked
        copy = trusted(self.sudo()).create(
            {
                "res_model": line._name,
                "res_id": line.id,
                "manually_updated": True,
                **self._prepare_demand_values(line, demand),
            }
        )
        return copy

    @api.model
    def _get_adding_problem(self, line, demand):
        """Return why a line can't get requirements by hand, None if it can."""
        if not demand:
            return self.env._("Only lines with goods have quality requirements.")
        name = line.product_id.display_name
        if self._get_copies(line):
            return self.env._("%(product)s has its requirements.", product=name)
        if line._qms_get_moved() or not line._qms_is_required_open():
            return self.env._(
                "%(product)s: goods have moved, or the order is cancelled. Requirements"
                " can't be added any more.",
                product=name,
            )
        return None

    def action_open(self):
        """Open these requirements in a dialog.

        :return: an action
        """
        self.check_access("read")
        return self._get_dialog()

    def _get_dialog(self):
        """Return the action that opens this copy in a dialog."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Quality Requirements"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _get_list(self, copies):
        """Return the action that lists copies."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Quality Requirements"),
            "res_model": self._name,
            "domain": [("id", "in", copies.ids)],
            "views": [(False, "list"), (False, "form")],
        }

    @api.depends("document_name", "product_id")
    def _compute_display_name(self):
        for copy in self:
            copy.display_name = f"{copy.document_name}: {copy.product_id.display_name}"
