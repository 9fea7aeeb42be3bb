from odoo import models


class QmsNonconformance(models.Model):
    """What a case asks of its dispositions, and what is left when they are done."""

    _inherit = "qms.nonconformance"

    def _check_submit(self):
        res = super()._check_submit()
        self._get_proposed()._check_problems()
        return res

    def _submit(self):
        res = super()._submit()
        return self._get_proposed()._ask_approval() or res

    def _close_empty_holds(self):
        """End the holds of these cases in places and packages where no goods are left.

        They would hold what comes there later. A lot stays held as long as the case
        decides: more of it may turn up.
        """
        narrow = self._get_open_holds().filtered(lambda hold: hold.scope != "lot")
        goods = narrow._get_quants()._qms_filter_inside()._qms_get_goods()
        families = narrow.grouped(lambda hold: hold.root_id or hold)
        for root, holds in families.items():
            if not any(hold._covers(one) for hold in holds for one in goods):
                root._end_by_hand_over(self.env._("No goods are left here"))
