from odoo import models
from odoo.exceptions import UserError

from odoo.addons.qms_quality.models.sentinel import trusted

from .recall import DONE_STATES


class QmsRecallSupplier(models.Model):
    """The supplier of recalled goods gets a claim, by way of a nonconformance."""

    _inherit = "qms.recall.supplier"

    def action_claim(self):
        """Open the claim to this supplier; make it, with its case, if there is none.

        :return: action that opens the claim
        :raise AccessError: if the user is no recall coordinator
        :raise UserError: if nobody knows the supplier, or the recall is done
        """
        self.ensure_one()
        self.recall_id._check_coordinator()
        self._check_claim()
        if not self.claim_id:
            self._claim()
        return self.claim_id.with_env(self.env)._get_records_action()

    def _check_claim(self):
        recall = self.recall_id
        recall._check_real(self.env._("Claim"))
        states = set(recall._get_running_states())
        recall._check_state(states - {*DONE_STATES}, self.env._("Claim"))
        if not self.partner_id:
            raise UserError(
                self.env._(
                    "Nobody knows who delivered %s: its receipts name no supplier.",
                    self.product_id.display_name,
                )
            )

    def _claim(self):
        case = self._get_case()
        action = case.action_make_claim()
        # sudo: only actions write the rows
        trusted(self.sudo()).write(
            {"nonconformance_id": case.id, "claim_id": action["res_id"]}
        )
        self.recall_id._audit("claim", reason=self.partner_id.display_name)

    def _get_case(self):
        """Return the supplier's case that the claim is about: the recall's own, or a
        new one, that holds nothing since the recall does."""
        case = self.recall_id.nonconformance_id
        if (
            case.type == "supplier"
            and case.partner_id.commercial_partner_id == self.partner_id
            and case.product_id == self.product_id
        ):
            return case
        return self.env["qms.nonconformance"].create(self._prepare_case())

    def _prepare_case(self):
        recall = self.recall_id
        return {
            "subject": recall.subject,
            "type": "supplier",
            "severity": "3_critical" if recall.recall_class == "1" else "2_major",
            "partner_id": self.partner_id.id,
            "product_id": self.product_id.id,
            "lot_ids": [(6, 0, self.lot_ids.ids)],
            "quantity": self.quantity,
            "description": recall.reason,
            "user_id": recall.user_id.id,
            "hold_goods": False,
            "company_id": recall.company_id.id,
            "related_ids": [(6, 0, recall.nonconformance_id.ids)],
        }
