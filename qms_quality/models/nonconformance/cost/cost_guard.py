from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...sentinel import is_trusted, trusted
from ..case.nonconformance import DONE_STATES, MANAGER


class QmsNonconformanceCost(models.Model):
    """What was reckoned by the system stays, and closed cases are the manager's."""

    _inherit = "qms.nonconformance.cost"

    @api.model_create_multi
    def create(self, vals_list):
        self._check_input(vals_list, is_new=True)
        costs = super().create(vals_list)
        costs._check_editable()
        return costs

    def write(self, vals):
        self._check_input([vals])
        # whom to charge is decided by people, whoever reckoned the cost
        is_reckoned = bool(vals.keys() - {"is_charged"})
        self._check_editable(is_reckoned)
        res = super().write(vals)
        self._check_editable(is_reckoned)
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_editable(self):
        self._check_editable()

    def _check_editable(self, is_reckoned=True):
        """Refuse to touch rows of the system, and late rows by who is no manager.

        :param bool is_reckoned: whether it is about the cost itself
        :raise AccessError: for the rows that the system wrote
        :raise UserError: names the cases that are closed
        """
        if is_trusted(self.env):
            return
        if is_reckoned and any(self.mapped("is_automatic")):
            raise AccessError(
                self.env._(
                    "These costs were reckoned when a disposition was carried out, and"
                    " can't be changed. Add a row that corrects them."
                )
            )
        done = self.nonconformance_id.filtered(lambda case: case.state in DONE_STATES)
        # a late bill for freight is no reason to open a case again
        if done and not self.env.user.has_group(MANAGER):
            raise UserError(
                self.env._(
                    "Closed already: %s. A quality manager can add what comes in late.",
                    ", ".join(done.mapped("name")),
                )
            )

    def _replace(self, vals_list):
        """Write rows of the system in place of these. What is charged stays charged.

        :param list vals_list: values of the new rows
        """
        # sudo: what an action costs is written whoever carries it out
        costs = trusted(self.sudo())
        charged = {
            (cost.disposition_id.id, cost.kind, cost.name)
            for cost in costs.filtered("is_charged")
        }
        costs.unlink()
        costs.create(
            [
                {
                    **vals,
                    "is_automatic": True,
                    "is_charged": (vals["disposition_id"], vals["kind"], vals["name"])
                    in charged,
                }
                for vals in vals_list
            ]
        )
