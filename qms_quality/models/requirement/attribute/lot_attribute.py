from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...sentinel import is_trusted

# From a test, or put right by somebody who may.
CERTAIN = ("test", "correction")


class QmsLotAttribute(models.Model):
    """The value that one lot has of an attribute. No row: not recorded."""

    _name = "qms.lot.attribute"
    _description = "Attribute of a Lot"
    _inherit = ["qms.attribute.value.mixin", "qms.audit.mixin"]
    _qms_audit_whole = "lot_id"
    _order = "lot_id, attribute_id, id"
    _rec_name = "value"

    lot_id = fields.Many2one("stock.lot", required=True, index=True, ondelete="cascade")
    product_id = fields.Many2one(
        related="lot_id.product_id", store=True, index=True, qms_audit=False
    )
    company_id = fields.Many2one(
        related="lot_id.company_id", store=True, precompute=True, qms_audit=False
    )
    value = fields.Char(qms_audit=False)
    source = fields.Selection(
        [
            ("hand", "Entered by hand"),
            ("default", "Default of product, category or vendor"),
            ("test", "Test result"),
            ("correction", "Correction of a test result"),
            ("production", "Inherited from components"),
            ("copy", "From the lot that was split"),
        ],
        required=True,
        readonly=True,
        default="hand",
    )
    is_certain = fields.Boolean(
        compute="_compute_is_certain",
        help="Changed only by a correction, with a reason.",
    )

    _lot_attribute_uniq = models.UniqueIndex(
        "(lot_id, attribute_id)", "A lot has each attribute once."
    )
    _value_idx = models.Index("(attribute_id, value)")

    @api.depends("source")
    def _compute_is_certain(self):
        for row in self:
            row.is_certain = row.source in CERTAIN

    @api.depends("lot_id", "attribute_id", "value")
    def _compute_display_name(self):
        for row in self:
            row.display_name = self.env._(
                "%(lot)s, %(attribute)s: %(value)s",
                lot=row.lot_id.name,
                attribute=row.attribute_id.name,
                value=row.value,
            )

    @api.constrains("attribute_id", "lot_id")
    def _check_company(self, fnames=None):
        for row in self:
            company = row.attribute_id.sudo().company_id
            if company and row.company_id and company != row.company_id:
                raise ValidationError(
                    self.env._(
                        "%(attribute)s belongs to %(company)s, and lot %(lot)s to"
                        " %(other)s.",
                        attribute=row.attribute_id.name,
                        company=company.name,
                        lot=row.lot_id.name,
                        other=row.company_id.name,
                    )
                )

    # -- By hand -----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not is_trusted(self.env):
            # where a value comes from is nobody's to claim
            vals_list = [dict(vals, source="hand") for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not is_trusted(self.env):
            self._check_free(vals)
            vals = dict(vals, source="hand")
        return super().write(vals)

    def _check_free(self, vals):
        """Refuse to change by hand what a test said, or whose value it is.

        :raise UserError: names the values
        """
        self.check_access("write")
        self._check_uncertain()
        moved = self.filtered(
            lambda row: any(
                vals.get(name, row[name].id) != row[name].id
                for name in ("lot_id", "attribute_id")
            )
        )
        if moved:
            raise UserError(
                self.env._(
                    "A value stays with its lot and attribute: %s. Remove it and enter"
                    " it where it belongs.",
                    "; ".join(moved.mapped("display_name")),
                )
            )

    def _check_uncertain(self):
        certain = self.filtered("is_certain")
        if certain:
            raise UserError(
                self.env._(
                    "These values come from tests: %s. Only a quality manager or a QRS"
                    " administrator can change them, by “Correct” and with a reason.",
                    "; ".join(certain.mapped("display_name")),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_uncertain_only(self):
        if not is_trusted(self.env):
            self._check_uncertain()
