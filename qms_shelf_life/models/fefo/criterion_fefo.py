from odoo import fields, models


class QmsCriterionMixin(models.AbstractModel):
    """Criteria about what a partner got, or delivered, before."""

    _inherit = "qms.criterion.mixin"

    kind = fields.Selection(
        selection_add=[
            ("fefo", "First expired, first out"),
            ("fifo", "First in, first out"),
        ],
        ondelete={
            "fefo": lambda criteria: criteria._qms_drop_kind(),
            "fifo": lambda criteria: criteria._qms_drop_kind(),
        },
    )

    def _get_dated(self):
        return super()._get_dated() | {"fefo"}

    def _get_of_stock(self):
        return super()._get_of_stock() | {"fefo", "fifo"}

    def _get_personal(self):
        return super()._get_personal() | {"fefo", "fifo"}

    # -- What makes no sense -----------------------------------------------------------

    def _get_fefo_problems(self):
        if self._get_flow() == "production":
            return [
                self.env._(
                    "manufacturing has no partner who got an earlier lot. Operation"
                    " types say how components are taken."
                )
            ]
        return []

    def _get_fifo_problems(self):
        if self._get_flow() == "purchase":
            return [
                self.env._(
                    "what a vendor delivers always comes in last. Ask for the first"
                    " expired instead."
                )
            ]
        return self._get_fefo_problems()

    # -- For people --------------------------------------------------------------------

    def _get_fefo_text(self):
        if self._get_flow() == "purchase":
            return self.env._("Expires no earlier than what was received before")
        return self.env._("Expires no earlier than what was delivered before")

    def _get_fifo_text(self):
        return self.env._("Came in no earlier than what was delivered before")
