from odoo import models

from ...number_text import format_quantity
from ..case.insight_chain import ChainStep, format_day

TONES = {"done": "success", "cancelled": "secondary"}


class QmsDisposition(models.Model):
    """A disposition as a step from the failure to the test that it is gone."""

    _inherit = "qms.disposition"

    def _get_chain_step(self):
        """Return this disposition as a step: what, how much, who decided and did it."""
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        return ChainStep(
            kinds.get(self.kind) or self.env._("Not decided yet"),
            " · ".join(part for part in self._get_chain_goods() if part),
            format_day(
                self.env, self.date_done or self.date_executed or self.date_approved
            ),
            [states[self.state], *self._get_chain_texts()],
            self.browse(),
            TONES.get(self.state, "warning"),
            documents=self._get_chain_documents(),
        )

    def _get_chain_goods(self):
        quantity = format_quantity(self.env, self.quantity)
        return [f"{quantity} {self.uom_id.name or ''}".strip(), self.lot_id.name]

    def _get_chain_texts(self):
        """Return how far it is, who approved and did it, and why."""
        texts = []
        if self.approved_by_id:
            texts.append(
                self.env._(
                    "Approved by %(user)s, %(date)s",
                    user=self.approved_by_id.name,
                    date=format_day(self.env, self.date_approved),
                )
            )
        if self.executed_by_id:
            texts.append(
                self.env._(
                    "Carried out by %(user)s, %(date)s",
                    user=self.executed_by_id.name,
                    date=format_day(self.env, self.date_executed),
                )
            )
        if self.reason:
            texts.append(self.reason)
        return texts

    def _get_chain_documents(self):
        """Return the documents that carried this out, each alone."""
        documents = [self.child_lot_id, *self._get_documents()]
        return [one for records in documents for one in records]

    def _get_retest_steps(self):
        """Return the tests of what came out of this, as steps below it."""
        orders = self.env["qms.quality.order"].search(
            [("disposition_id", "=", self.id)], order="id"
        )
        label = self.env._("Tested again")
        return [order._get_chain_step(label, level=1) for order in orders]
