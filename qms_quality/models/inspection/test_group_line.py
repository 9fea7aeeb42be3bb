from odoo import api, fields, models


class QmsTestGroupLine(models.Model):
    """One test of a test group, with the limits that this group sets."""

    _name = "qms.test.group.line"
    _description = "Test Group Line"
    _inherit = ["qms.test.limits.mixin", "qms.audit.mixin"]
    _order = "group_id, sequence, id"
    _check_company_auto = True

    group_id = fields.Many2one(
        "qms.test.group", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="group_id.company_id", store=True)
    test_type = fields.Selection(related="test_id.test_type")
    decimals = fields.Integer(related="test_id.decimals")
    uom_id = fields.Many2one(
        compute="_compute_uom_id", store=True, readonly=False, precompute=True
    )
    instructions = fields.Html(
        translate=True, help="Empty: the instructions of the test."
    )

    @api.depends("test_id")
    def _compute_uom_id(self):
        for line in self:
            line.uom_id = line.test_id.uom_id

    @api.depends("test_id", "limits")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.test_id.name}: {line.limits}"

    def _prepare_order_test_values(self, spec):
        """Return the values of this line's copy on a quality order.

        :param spec: ``qms.quality.order.spec``
        """
        self.ensure_one()
        return {
            "spec_id": spec.id,
            "order_id": spec.order_id.id,
            "sequence": self.sequence,
            "test_id": self.test_id.id,
            "name": self.test_id.name,
            "test_type": self.test_type,
            "uom_id": self.uom_id.id,
            "decimals": self.decimals,
            "target": self.target,
            "lower_limit": self.lower_limit,
            "upper_limit": self.upper_limit,
            "required": self.required,
            "reading_number": self.reading_number,
            "instructions": self.instructions or self.test_id.instructions,
            **{name: self[name] for name in self._get_specified_fields()},
        }
