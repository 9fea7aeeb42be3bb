from math import ceil

from odoo import api, fields, models
from odoo.exceptions import ValidationError

MAX_SEQUENCES = 100
PURCHASING = ("receipt_ready", "receipt", "subcontract")


class QmsQualityAssociation(models.Model):
    """Tests that fall due again within one arrival, each so much of it."""

    _inherit = "qms.quality.association"

    frequency_quantity = fields.Float(
        string="Tests again Each",
        digits="Product Unit",
        help="The tests are due again for each such quantity that arrives together; 0"
        " is once. The quality plan says whether on the same quality order.",
    )
    frequency_uom_id = fields.Many2one(
        "uom.uom", string="Unit of the Frequency", ondelete="restrict"
    )

    _frequency_check = models.Constraint(
        "CHECK(frequency_quantity >= 0)",
        "The quantity of a frequency can't be negative.",
    )

    @api.onchange("frequency_quantity", "product_ids")
    def _onchange_frequency_quantity(self):
        if self.frequency_quantity and not self.frequency_uom_id:
            self.frequency_uom_id = self.product_ids.uom_id[:1]

    @api.constrains("frequency_quantity", "frequency_uom_id")
    def _check_frequency(self):
        for rule in self.filtered("frequency_quantity"):
            if not rule.frequency_uom_id:
                raise ValidationError(
                    self.env._(
                        "%s: the quantity after which tests are due again needs its"
                        " unit.",
                        rule.name,
                    )
                )
            if rule.sampling_plan_id or rule.sampling_ladder_id:
                raise ValidationError(
                    self.env._(
                        "%s: a sampling plan says how much is tested. Take it away, or"
                        " the frequency.",
                        rule.name,
                    )
                )

    def _get_interval(self, product):
        """Return after how much the tests are due again, in the product's unit; 0, if
        they aren't."""
        self.ensure_one()
        unit = self.frequency_uom_id
        if not self.frequency_quantity or not unit._has_common_reference(
            product.uom_id
        ):
            return 0
        return unit._compute_quantity(
            self.frequency_quantity, product.uom_id, round=False
        )

    def _get_sequences(self, product, quantity):
        """Return how often the tests are due for a quantity of a product."""
        interval = self._get_interval(product)
        if not interval:
            return 1
        # a conversion leaves noise: 3 x 1000 g are no more than 3 kg
        return min(max(ceil(round(quantity / interval, 6)), 1), MAX_SEQUENCES)

    def _prepare_order_values(self, arrival):
        return {
            **super()._prepare_order_values(arrival),
            "sequence_count": self._get_sequences(arrival.product, arrival.quantity),
        }

    def _prepare_step_values(self, step):
        return {
            **super()._prepare_step_values(step),
            "sequence_count": self._get_sequences(step.product, step.quantity),
        }
