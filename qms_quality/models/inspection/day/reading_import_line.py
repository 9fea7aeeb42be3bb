from odoo import fields, models


class QmsReadingImportLine(models.TransientModel):
    """What one row of a file of readings does, or what is wrong with it."""

    _name = "qms.reading.import.line"
    _description = "Reading to Import"
    # what is wrong comes first
    _order = "is_wrong desc, line"

    import_id = fields.Many2one(
        "qms.reading.import", required=True, index=True, ondelete="cascade"
    )
    line = fields.Integer(readonly=True)
    order_name = fields.Char(string="Quality Order", readonly=True)
    reading_name = fields.Char(string="Reading", readonly=True)
    old_value = fields.Char(string="Before", readonly=True)
    value = fields.Char(readonly=True)
    verdict = fields.Selection(
        [("passed", "Passed"), ("failed", "Failed")], readonly=True
    )
    is_warning = fields.Boolean(string="Near the Limit", readonly=True)
    is_wrong = fields.Boolean(readonly=True)
    action = fields.Selection(
        [
            ("record", "Records"),
            ("correct", "Corrects"),
            ("same", "Changes nothing"),
            ("skip", "Skipped"),
            ("wrong", "Wrong"),
        ],
        string="Does",
        readonly=True,
    )
    message = fields.Text(string="What is wrong", readonly=True)
