from odoo import api, models
from odoo.exceptions import UserError

from ...sentinel import is_trusted


class QmsQualityOrder(models.Model):
    """What a quality plan lets people change of an order that was made."""

    _inherit = "qms.quality.order"

    @api.model
    def _get_request_fields(self):
        """Return the fields that say what is asked for, besides the goods."""
        return {"test_group_ids", "spec_ids", "partner_id", "subject"}

    def write(self, vals):
        if not is_trusted(self.env) and self._get_request_fields() & vals.keys():
            # an order without any test group was not asked for yet
            self.filtered("spec_ids")._check_changeable()
        return super().write(vals)

    def _check_changeable(self):
        """Refuse to change what these orders ask for, where their plan says so.

        :raise UserError: names the orders, and why
        """
        locked = [(order, why) for order in self if (why := order._get_change_lock())]
        if locked:
            raise UserError(
                self.env._(
                    "What these quality orders ask for can't be changed:%s",
                    "".join(f"\n- {order.name}: {why}" for order, why in locked),
                )
            )

    def _get_change_lock(self):
        """Return why this order can't be changed, if so."""
        self.ensure_one()
        plan = self.plan_copy_id
        if plan.change_rule == "never":
            return self.env._(
                "its quality plan %s never allows it. Cancel the order and make another"
                " one.",
                plan.code,
            )
        if plan.change_rule == "no_result" and self._has_readings():
            return self.env._(
                "it has readings, and its quality plan %s allows it only before the"
                " first one.",
                plan.code,
            )
        return False

    def _check_addition(self, group):
        """Refuse a test group with tests that may not be added to this order.

        :raise UserError: names the tests
        """
        self.ensure_one()
        if self.plan_copy_id.add_test_rule != "internal":
            return
        outside = group.line_ids.filtered(lambda line: line.laboratory == "external")
        if outside:
            raise UserError(
                self.env._(
                    "%(order)s: its quality plan %(plan)s lets only internal tests be"
                    " added, not: %(tests)s.",
                    order=self.name,
                    plan=self.plan_copy_id.code,
                    tests=", ".join(outside.test_id.mapped("display_name")),
                )
            )
