from odoo import fields, models

from ...evidence.content import ContentLine


class QmsCertificateLine(models.Model):
    """One result on a certificate, as it is printed and as it was read."""

    _name = "qms.certificate.line"
    _description = "Result on a Certificate"
    _inherit = ["qms.protected.mixin", "qms.audit.mixin"]
    _qms_audit_whole = "certificate_id"
    _order = "certificate_id, goods_id, sequence, id"

    goods_id = fields.Many2one(
        "qms.certificate.goods", required=True, index=True, ondelete="cascade"
    )
    certificate_id = fields.Many2one(
        related="goods_id.certificate_id",
        store=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="goods_id.company_id", store=True)
    sequence = fields.Integer(readonly=True)
    order_test_id = fields.Many2one(
        "qms.quality.order.test",
        string="Test of the Order",
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    name = fields.Char(string="Test", readonly=True)
    limits = fields.Char(string="Specification", readonly=True)
    result = fields.Char(readonly=True)
    verdict = fields.Selection(
        [("passed", "Passed"), ("failed", "Failed")], readonly=True
    )
    raw = fields.Json(
        readonly=True, qms_audit=False, help="What was read, in no language."
    )

    def _prepare_signed_line(self):
        """Return what is signed of this result."""
        self.ensure_one()
        label = " ".join(filter(None, (self.goods_id.lot_names, self.name)))
        text = self.result or ""
        if self.limits:
            text = f"{text} ({self.limits})"
        value = [self.name, self.limits, self.result, self.raw]
        return ContentLine("result", label, value, text)

    def _is_current(self):
        """Tell whether readings and verdict are still those on the certificate."""
        self.ensure_one()
        test = self.order_test_id
        found = test._get_certificate_values(self.goods_id.lot_ids)
        return found == self.raw["values"] and test.verdict == self.verdict
