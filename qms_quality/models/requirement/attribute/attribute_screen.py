from odoo import api, fields, models


class QmsAttribute(models.Model):
    """What the screens of attributes show besides."""

    _inherit = "qms.attribute"

    default_ids = fields.One2many("qms.attribute.default", "attribute_id", "Defaults")
    test_line_ids = fields.One2many(
        "qms.test.group.line", "attribute_id", "Written by Tests", readonly=True
    )
    allowed_text = fields.Char("Values", compute="_compute_allowed_text")
    is_used = fields.Boolean(compute="_compute_is_used")
    lot_count = fields.Integer(compute="_compute_lot_count")

    @api.depends("type", "has_range", "minimum", "maximum", "uom_id", "option_ids.name")
    @api.depends_context("lang")
    def _compute_allowed_text(self):
        for attribute in self:
            attribute.allowed_text = attribute._qms_get_allowed_text()

    def _compute_is_used(self):
        used = self._get_used()
        for attribute in self:
            attribute.is_used = attribute._origin in used

    def _compute_lot_count(self):
        groups = self.env["qms.lot.attribute"]._read_group(
            [("attribute_id", "in", self.ids)], ["attribute_id"], ["__count"]
        )
        counts = dict(groups)
        for attribute in self:
            attribute.lot_count = counts.get(attribute._origin, 0)

    def action_open_values(self):
        """Open the values that lots have of these attributes, by value."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "qms_quality.qms_lot_attribute_action"
        )
        return {
            **action,
            "domain": [("attribute_id", "in", self.ids)],
            "context": {"search_default_group_value": True},
        }
