from odoo import models

from ...evidence.content import raw_value

# More readings than these are summed up.
SHOWN = 5


class QmsQualityOrderTest(models.Model):
    """What a certificate says of a test."""

    _inherit = "qms.quality.order.test"

    def _filter_read(self):
        """Return the tests that have a reading that decides."""
        return self.filtered(
            lambda test: any(test._get_deciding_results().mapped("is_recorded"))
        )

    def _filter_certified(self, rule):
        """Return the tests that a certificate shows: marked, done, and not left out.

        :param rule: ``qms.certificate.rule`` of the customer, or none
        """
        left_out = rule.line_ids.filtered("leave_out").test_id
        return self._filter_read().filtered(
            lambda test: test.on_certificate and test.test_id not in left_out
        )

    def _get_certified_results(self, lots):
        """Return the readings that speak of ``lots``; of a sample, all of them."""
        self.ensure_one()
        results = self._get_deciding_results().filtered("is_recorded")
        own = results.filtered(lambda one: not one.lot_id or one.lot_id in lots)
        return own or results

    def _get_certificate_values(self, lots):
        """Return what was read, as JSON: the same in every language."""
        return [
            [raw_value(result, result._get_value_field()), result.uom_id.id]
            for result in self._get_certified_results(lots)
        ]

    def _prepare_certificate_line(self, lots, asked):
        """Return the values of the line on a certificate, in the language of ``self``.

        :param lots: ``stock.lot`` that the line is about
        :param asked: ``qms.certificate.rule.line`` of the customer, or none
        """
        self.ensure_one()
        judged = self._with_asked_limits(asked)
        limits = False if asked.hide_limits else judged._get_limits_text()
        return {
            "order_test_id": self.id,
            "sequence": self.sequence,
            "name": self.test_id.name,
            "limits": limits,
            "result": asked.result_text or self._get_certificate_result(lots),
            "verdict": self.verdict,
            "raw": {
                "test": self.test_id.id,
                "values": self._get_certificate_values(lots),
                "verdict": self.verdict or None,
                "limits": None if asked.hide_limits else judged._get_raw_limits(),
                # the source text: a translation changes nothing
                "text": asked.with_context(lang="en_US").result_text or None,
            },
        }

    def _get_raw_limits(self):
        names = ("lower_limit", "upper_limit", "acceptable_number")
        return [*(raw_value(self, name) for name in names), self.uom_id.id]

    def _get_certificate_result(self, lots):
        """Return what was read, for people: the readings, or their range."""
        results = self._get_certified_results(lots)
        texts = [result._get_value_text() for result in results]
        if len(texts) <= SHOWN:
            return "; ".join(texts)
        if not results[0]._is_numeric():
            return "; ".join(dict.fromkeys(texts))
        ordered = results.sorted(
            lambda one: self._convert(one.value, one.uom_id or self.uom_id)
        )
        return self.env._(
            "%(lowest)s to %(highest)s (%(count)s readings)",
            lowest=ordered[0]._get_value_text(),
            highest=ordered[-1]._get_value_text(),
            count=len(texts),
        )

    # -- Limits of the customer --------------------------------------------------------

    def _with_asked_limits(self, asked):
        """Return this test with the limits that the customer asks for, in its unit.

        :param asked: ``qms.certificate.rule.line``, or none
        :return: a record that isn't saved, where he has limits of his own
        """
        if not asked or not asked._has_limits():
            return self
        names = ("lower_limit", "upper_limit")
        limits = {name: self._get_asked_limit(asked, name) for name in names}
        return self.new(limits, origin=self)

    def _get_asked_limit(self, asked, name):
        limit = asked[name]
        return limit if limit is False else self._convert(limit, asked.uom_id)

    def _get_outside(self, lots, asked):
        """Return the readings that are outside of what the customer asks for."""
        judged = self._with_asked_limits(asked)
        results = self._get_certified_results(lots)
        if judged == self:
            return results.browse()
        return results.filtered(
            lambda one: (
                one.value is False
                or not judged._is_within_limits(one.value, one.uom_id)
            )
        )
