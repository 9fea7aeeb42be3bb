from odoo import api, fields, models
from odoo.tools import SQL

CONTEXT_KEY = "qms_lot_id"
KINDS = [
    ("move", "Move"),
    ("hold", "Hold"),
    ("order", "Inspection"),
    ("result", "Reading"),
    ("signature", "Signature"),
    ("approval", "Approval"),
    ("lot", "Lot"),
]


class QmsLotTrail(models.Model):
    """The whole life of one lot: moves, holds, inspections, signatures, changes.

    Which lot, the context says: without a table, ids can only be told apart, and found
    quickly, within one lot. Nobody sees a lot here that he may not read.
    """

    _name = "qms.lot.trail"
    _description = "Lot Trail"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "record_name"

    date = fields.Datetime(readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    event = fields.Char(string="Technical Event", readonly=True)
    event_label = fields.Char(string="What", compute="_compute_event_label")
    user_id = fields.Many2one("res.users", string="By", readonly=True)
    user_name = fields.Char(string="Name and Login", readonly=True)
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", readonly=True
    )
    record_name = fields.Char(string="Document", readonly=True)
    field_label = fields.Char(string="Field", readonly=True)
    old_value = fields.Text(string="From", readonly=True)
    new_value = fields.Text(string="To", readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    unit = fields.Char(readonly=True)
    reason = fields.Text(readonly=True)
    transaction = fields.Char(string="Group", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    @api.depends_context("lang")
    @api.depends("event", "kind")
    def _compute_event_label(self):
        labels = self._get_event_labels()
        for line in self:
            event = line.event or ""
            text = labels.get(event) or event.replace("_", " ").capitalize()
            line.event_label = text

    @api.model
    def _get_event_labels(self):
        return {
            "move": self.env._("Moved"),
            "sign": self.env._("Signed"),
            **self.env["qms.audit.entry"]._get_event_labels(),
        }

    def action_open(self):
        """Open the document that a line is about, if the user may read it."""
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id)
        record.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    # -- Where it comes from -----------------------------------------------------------

    @property
    def _table_query(self):
        queries = self._get_line_queries()
        lines = SQL(" UNION ALL ").join(SQL("(%s)", query) for query in queries)
        return SQL(
            """WITH lot AS (SELECT id, company_id FROM stock_lot WHERE id = %s),
                    document AS (%s)
               SELECT * FROM (%s) line""",
            self._get_lot().id or 0,
            SQL(" UNION ALL ").join(self._get_document_queries()),
            lines,
        )

    def _get_lot(self):
        lots = self.env["stock.lot"]
        lot_id = self.env.context.get(CONTEXT_KEY)
        if not isinstance(lot_id, int) or not lots.has_access("read"):
            return lots
        return lots.with_context(active_test=False).search([("id", "=", lot_id)])

    @api.model
    def _get_document_queries(self):
        """Return queries of what belongs to the lot: kind, model and id.

        Add-ons add theirs.
        """
        of_order = """SELECT 'order', '%s', line.id
            FROM %s line JOIN qms_quality_order_lot_rel rel
              ON rel.order_id = line.order_id JOIN lot ON rel.lot_id = lot.id"""
        return [
            SQL(query)
            for query in (
                "SELECT 'lot' AS kind, 'stock.lot' AS res_model, id AS res_id FROM lot",
                """SELECT 'hold', 'qms.hold', hold.id
                   FROM qms_hold hold JOIN lot ON hold.lot_id = lot.id""",
                """SELECT 'hold', 'qms.hold.permit', permit.id
                   FROM qms_hold_permit permit
                   JOIN qms_hold hold ON permit.hold_id = hold.id
                   JOIN lot ON hold.lot_id = lot.id""",
                """SELECT 'order', 'qms.quality.order', rel.order_id
                   FROM qms_quality_order_lot_rel rel
                   JOIN lot ON rel.lot_id = lot.id""",
                of_order % ("qms.quality.order.spec", "qms_quality_order_spec"),
                of_order % ("qms.quality.order.test", "qms_quality_order_test"),
                """SELECT 'result', 'qms.quality.order.result', result.id
                   FROM qms_quality_order_result result
                   JOIN qms_quality_order_lot_rel rel
                     ON rel.order_id = result.order_id
                   JOIN lot ON rel.lot_id = lot.id
                   WHERE result.lot_id IS NULL OR result.lot_id = lot.id""",
            )
        ]

    @api.model
    def _get_line_queries(self):
        """Return queries of the lines, with the same columns. Add-ons add theirs.

        Ids of different tables are told apart by their remainder.
        """
        return [
            self._get_entry_query(),
            self._get_approval_query(),
            self._get_signature_query(),
            self._get_move_query(),
        ]

    _entry_columns = """e.date, e.event, e.user_id, e.user_name, e.res_model, e.res_id,
        e.record_name, e.field_label, e.old_value, e.new_value,
        NULL::numeric AS quantity, NULL AS unit, e.reason, e.transaction,
        coalesce(e.company_id, lot.company_id) AS company_id"""

    def _get_entry_query(self):
        return SQL(
            """SELECT e.id::bigint * 8 AS id,
                      CASE WHEN strpos(e.event, 'approv') > 0 THEN 'approval'
                           ELSE document.kind END AS kind, %s
               FROM document JOIN qms_audit_entry e
                 ON e.res_model = document.res_model AND e.res_id = document.res_id
               CROSS JOIN lot""",
            SQL(self._entry_columns),
        )

    def _get_approval_query(self):
        return SQL(
            """SELECT e.id::bigint * 8 + 1, 'approval', %s
               FROM document JOIN qms_approval approval
                 ON approval.res_model = document.res_model
                AND approval.res_id = document.res_id
               CROSS JOIN LATERAL (
                   SELECT 'qms.approval' AS res_model, approval.id AS res_id
                   UNION ALL SELECT 'qms.approval.vote', vote.id
                   FROM qms_approval_vote vote WHERE vote.approval_id = approval.id
               ) part
               JOIN qms_audit_entry e
                 ON e.res_model = part.res_model AND e.res_id = part.res_id
               CROSS JOIN lot""",
            SQL(self._entry_columns),
        )

    def _get_signature_query(self):
        return SQL(
            """SELECT s.id::bigint * 8 + 2, 'signature', s.date, 'sign', s.user_id,
                      s.user_name, s.res_model, s.res_id, s.record_name, s.action_label,
                      NULL, s.meaning, NULL, NULL, s.comment, NULL,
                      coalesce(s.company_id, lot.company_id)
               FROM document JOIN qms_signature s
                 ON s.res_model = document.res_model AND s.res_id = document.res_id
               CROSS JOIN lot"""
        )

    def _get_move_query(self):
        unit = self.env["uom.uom"]._field_to_sql("unit", "name")
        return SQL(
            """SELECT line.id::bigint * 8 + 3, 'move', line.date, 'move',
                      line.write_uid, mover.name || ' (' || users.login || ')',
                      CASE WHEN line.picking_id IS NULL THEN 'stock.move.line'
                           ELSE 'stock.picking' END,
                      coalesce(line.picking_id, line.id), move.reference, NULL,
                      source.complete_name, dest.complete_name, line.quantity, %s,
                      move.origin, NULL, line.company_id
               FROM lot JOIN stock_move_line line ON line.lot_id = lot.id
               JOIN stock_move move ON move.id = line.move_id
               JOIN stock_location source ON source.id = line.location_id
               JOIN stock_location dest ON dest.id = line.location_dest_id
               JOIN uom_uom unit ON unit.id = line.product_uom_id
               LEFT JOIN res_users users ON users.id = line.write_uid
               LEFT JOIN res_partner mover ON mover.id = users.partner_id
               WHERE line.state = 'done'""",
            unit,
        )
