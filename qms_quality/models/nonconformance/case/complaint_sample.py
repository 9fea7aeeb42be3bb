from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...sentinel import trusted
from .nonconformance import DONE_STATES, INSPECTOR


class QmsNonconformance(models.Model):
    """A sample is tested that no stock stands behind: a customer sent it."""

    _inherit = "qms.nonconformance"

    def action_test_sample(self):
        """Make a quality order for a sample, and open it.

        It is about the product and the lot that the case names, holds nothing, and has
        the test groups that the rules name for the product.

        :raise AccessError: if the user is no inspector
        :raise UserError: if the case is done
        """
        self.ensure_one()
        self._check_group(INSPECTOR)
        if self.state in DONE_STATES:
            raise UserError(
                self.env._(
                    "%s: closed or cancelled. Reopen it to test another sample.",
                    self.name,
                )
            )
        orders = self.env["qms.quality.order"].create(self._prepare_samples())
        # the case is written by actions only
        trusted(orders).nonconformance_id = self
        return orders._get_records_action(name=self.env._("Samples"))

    def _prepare_samples(self):
        """Return the values of an order for each lot; for serial numbers, of one."""
        values = {
            "subject": self.env._("Sample: %s", self.subject),
            "product_id": self.product_id.id,
            "uom_id": self.product_id.uom_id.id,
            "quantity": 1.0,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "hold_goods": False,
            "test_group_ids": [Command.set(self._get_usual_test_groups().ids)],
        }
        if self.team_id:
            values["team_id"] = self.team_id.id
        lots = self.lot_ids
        if self.product_id.tracking == "serial" or len(lots) < 2:
            several = max(len(lots), 1)
            return [{**values, "quantity": several, "lot_ids": [Command.set(lots.ids)]}]
        return [{**values, "lot_ids": [Command.set(lot.ids)]} for lot in lots]

    def _get_usual_test_groups(self):
        """Return the test groups in force that rules name for the product."""
        if not self.product_id:
            return self.env["qms.test.group"]
        asked = self.env["qms.check.request"].new(
            {
                "company_id": self.company_id.id,
                "line_ids": [Command.create({"product_id": self.product_id.id})],
            }
        )
        return asked._get_usual_groups()
