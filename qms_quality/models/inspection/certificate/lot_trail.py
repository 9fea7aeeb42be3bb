from odoo import api, fields, models
from odoo.tools import SQL


class QmsLotTrail(models.Model):
    """Certificates are part of a lot's life."""

    _inherit = "qms.lot.trail"

    kind = fields.Selection(selection_add=[("certificate", "Certificate")])

    @api.model
    def _get_document_queries(self):
        return [
            *super()._get_document_queries(),
            SQL(
                """SELECT 'certificate', 'qms.certificate', goods.certificate_id
                   FROM qms_certificate_goods goods
                   JOIN qms_certificate_goods_lot_rel rel ON rel.goods_id = goods.id
                   JOIN lot ON rel.lot_id = lot.id"""
            ),
        ]
