from odoo import models

from ...sentinel import trusted


class QmsQualityOrder(models.Model):
    """Tests that count defects feed the counts of their class: nothing is entered
    twice, and the tables decide."""

    _inherit = "qms.quality.order"

    def _plan_sample(self):
        res = super()._plan_sample()
        self._link_counts()
        return res

    def _replan(self):
        res = super()._replan()
        trusted(self.sudo())._link_counts()
        return res

    def _link_counts(self):
        """Let readings of the whole sample show red where its class is rejected."""
        for order in self.filtered(lambda order: order.reading_scope == "sample"):
            for defect in order.defect_ids:
                tests = defect._get_feeding_tests()
                trusted(tests).acceptable_number = defect.reject1 - 1

    def _record_readings(self, date):
        trusted(self.sudo())._feed_counts()
        return super()._record_readings(date)

    def _feed_counts(self):
        """Count the defects from the readings; what they don't tell yet is empty."""
        fed = self.browse()
        for defect in self.defect_ids:
            if not defect._get_feeding_tests():
                continue
            found = defect._get_fed_counts()
            if found != defect._get_counts():
                first, second = [*found, False, False][:2]
                defect.write({"found1": first, "found2": second})
                fed |= defect.order_id
        fed._follow_counts()

    def _get_fatal_text(self):
        why = super()._get_fatal_text()
        rejected = self.defect_ids.filtered(lambda one: one.verdict == "failed")
        if why or not rejected:
            return why
        return self._get_rejection_text(rejected)
