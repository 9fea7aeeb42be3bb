from odoo import models

from ...sentinel import trusted


class QmsQualityOrderResult(models.Model):
    """Readings that come after a verdict, and what they take back."""

    _inherit = "qms.quality.order.result"

    def _filter_enterable(self):
        enterable = super()._filter_enterable()
        empty = (self - enterable).filtered(lambda result: not result.is_recorded)
        later = empty.order_id._filter_later()
        return enterable | empty.filtered(lambda result: result.order_id in later)

    def _stamp(self, before):
        changed = self.browse().union(
            *(one for one, old in before.items() if one._takes_back(old))
        )
        # what somebody failed or holds is not his to free who reads
        specs = changed.test_line_id.spec_id.filtered(
            lambda spec: spec.decided_verdict == "passed"
        )
        # sudo: whoever reads takes back what somebody decided without this reading
        trusted(specs.sudo()).decided_verdict = False
        return super()._stamp(before)

    def _takes_back(self, old):
        """Tell whether what a person said of the specification has to be said anew.

        A value that is worked out can fail with any of its readings.

        :param str old: the reading as it was
        """
        if self._get_value_text() == old:
            return False
        return bool(old) or self.verdict == "failed" or not self._is_deciding()
