from odoo import api, fields, models
from odoo.exceptions import ValidationError


class QmsQualityAssociation(models.Model):
    """How much of the goods a rule inspects."""

    _inherit = "qms.quality.association"

    sampling_plan_id = fields.Many2one(
        "qms.sampling.plan",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Empty: an order for each lot, and readings of each serial number.",
    )
    sampling_ladder_id = fields.Many2one(
        "qms.sampling.ladder",
        string="Flexible Sampling Plan",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The sampling plan follows from the level that the partner has reached.",
    )

    @api.constrains("sampling_plan_id", "sampling_ladder_id")
    def _check_one_sampling(self):
        both = self.filtered(
            lambda rule: rule.sampling_plan_id and rule.sampling_ladder_id
        )
        if both:
            raise ValidationError(
                self.env._(
                    "%s: either a sampling plan, or a flexible one that chooses it.",
                    ", ".join(both.mapped("name")),
                )
            )

    def _prepare_order_values(self, arrival):
        values = super()._prepare_order_values(arrival)
        if arrival.sample:
            values.update(self._prepare_sample_values(arrival))
        return values

    def _prepare_sample_values(self, arrival):
        """Return what an order keeps of its sampling plan."""
        sample = arrival.sample
        values = {
            "sampling_plan_id": sample.plan.id,
            "ladder_level_id": sample.level.id if sample.level else False,
            "sample_quantity": sample.quantity,
            "sample_package_id": sample.package.id if sample.package else False,
            "is_remainder": sample.is_remainder,
            "hold_scope": sample.plan.hold_scope,
        }
        group = sample.level and sample.level.test_group_id
        if group and group.state == "active":
            values["test_group_ids"] = [(6, 0, group.ids)]
        if sample.is_remainder:
            # its goods are still to come, with lots that nobody knows
            values["lot_ids"] = [(6, 0, [])]
        return values
