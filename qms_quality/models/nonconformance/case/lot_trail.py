from odoo import api, fields, models
from odoo.tools import SQL


class QmsLotTrail(models.Model):
    """Nonconformances and what was decided in them are part of a lot's life."""

    _inherit = "qms.lot.trail"

    kind = fields.Selection(selection_add=[("nonconformance", "Nonconformance")])

    @api.model
    def _get_document_queries(self):
        return [
            *super()._get_document_queries(),
            SQL(
                """SELECT 'nonconformance', 'qms.nonconformance', rel.nonconformance_id
                   FROM qms_nonconformance_lot_rel rel
                   JOIN lot ON rel.lot_id = lot.id"""
            ),
            SQL(
                """SELECT 'nonconformance', 'qms.disposition', row.id
                   FROM qms_disposition row
                   JOIN lot ON lot.id IN (row.lot_id, row.child_lot_id)"""
            ),
        ]
