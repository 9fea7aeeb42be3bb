from odoo import models

from ...sentinel import trusted


class QmsQualityOrderResult(models.Model):
    """Who passed what the readings failed knew those that were there: not another one.

    What was decided to fail or to wait stays so until somebody decides again.
    """

    _inherit = "qms.quality.order.result"

    def _stamp(self, before):
        changed = self.browse().union(
            *(one for one, old in before.items() if one._get_value_text() != old)
        )
        tests = changed.test_line_id
        specs = tests.spec_id.filtered(
            lambda spec: (
                spec.decided_verdict == "passed" and not spec.order_id.plan_copy_id
            )
        )
        tests = tests.filtered(lambda test: test.decided_verdict == "passed")
        # sudo: whoever reads takes back what was decided without this reading
        trusted(tests.sudo()).decided_verdict = False
        trusted(specs.sudo()).decided_verdict = False
        return super()._stamp(before)
