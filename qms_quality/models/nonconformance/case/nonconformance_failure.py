from odoo import api, fields, models


class QmsNonconformanceFailure(models.Model):
    """A reading that failed, as it was when the case was opened."""

    _name = "qms.nonconformance.failure"
    _description = "Failed Reading of a Nonconformance"
    _inherit = ["qms.protected.mixin", "qms.audit.mixin"]
    _qms_audit_whole = "nonconformance_id"
    _order = "id"

    nonconformance_id = fields.Many2one(
        "qms.nonconformance", required=True, index=True, ondelete="cascade"
    )
    quality_order_id = fields.Many2one(
        "qms.quality.order",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    test_id = fields.Many2one("qms.test", readonly=True, ondelete="restrict")
    name = fields.Char(string="What", required=True, readonly=True)
    value = fields.Char(string="Reading", readonly=True)
    limits = fields.Char(string="Passes", readonly=True)
    lot_id = fields.Many2one(
        "stock.lot", string="Lot/Serial Number", readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="nonconformance_id.company_id", store=True, precompute=True
    )

    def _get_key(self):
        """Return what tells this failure from others of its case."""
        self.ensure_one()
        return self._get_values_key(
            {name: self[name] for name in ("name", "value", "limits")}
            | {
                "quality_order_id": self.quality_order_id.id,
                "lot_id": self.lot_id.id,
            }
        )

    @api.model
    def _get_values_key(self, vals):
        """Return the same of values of a failure."""
        names = ("quality_order_id", "lot_id", "name", "value", "limits")
        return tuple(vals.get(name) or False for name in names)

    @api.model
    def _get_protection_text(self):
        return self.env._(
            "What failed comes from the quality order, and stays as it was."
        )
