from odoo import models

from ...sentinel import trusted
from .disposition import PENDING


class QmsNonconformance(models.Model):
    """A case goes on when its dispositions are decided, and when they are done."""

    _inherit = "qms.nonconformance"

    def _advance(self):
        """Take cases to the step that their dispositions have come to."""
        # sudo and trusted: the state follows from what checked actions did
        for case in trusted(self.sudo()):
            step = case._get_next_step()
            if step:
                case.state = step

    def _get_next_step(self):
        """Return the step to go to on account of the dispositions, or nothing."""
        rows = self.disposition_ids.filtered(lambda row: row.state != "cancelled")
        if self.state == "approval":
            if not rows.filtered(lambda row: row.state == "draft"):
                pending = rows.filtered(lambda row: row.state != "done")
                return "execution" if pending else "disposition"
        elif self.state == "execution":
            pending = rows.filtered(lambda row: row.state in PENDING)
            if rows and not pending and not self._get_held_quants():
                return "follow_up"
        return None

    def _close_empty_holds(self):
        """End the holds of these cases in places and packages where no goods are left.

        They would hold what comes there later. A lot that was disposed of stays held:
        it was judged, wherever more of it turns up.
        """
        narrow = self._get_open_holds().filtered(lambda hold: hold.scope != "lot")
        goods = narrow._get_quants()._qms_filter_inside()._qms_get_goods()
        families = narrow.grouped(lambda hold: hold.root_id or hold)
        for root, holds in families.items():
            if not any(hold._covers(one) for hold in holds for one in goods):
                root._qms_do_release(self.env._("No goods are left here"))
