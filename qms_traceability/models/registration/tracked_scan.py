from odoo import api, fields, models

from odoo.addons.qms_quality.models.sentinel import trusted, untrusted

OUTCOMES = [
    ("accepted", "Registered"),
    ("selected", "Chosen"),
    ("refused", "Refused"),
    ("undone", "Undone"),
]


class QmsTrackedScan(models.Model):
    """What was scanned or typed for an order, and what became of it.

    Each scan has an identifier that its client gave it. A scan that comes again, since
    its answer was lost on the way, is answered from here and not registered twice.
    """

    _name = "qms.tracked.scan"
    _inherit = "qms.append.only.mixin"
    _description = "Scan of a Tracked Component"
    _order = "id desc"
    _rec_name = "code"

    key = fields.Char(string="Scan ID", required=True)
    production_id = fields.Many2one(
        "mrp.production", string="Order", index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", string="By", required=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    mode = fields.Selection(
        [("product", "Product"), ("component", "Component"), ("undo", "Undo")],
        required=True,
    )
    code = fields.Char(string="Scanned")
    quantity = fields.Float(digits="Product Unit")
    outcome = fields.Selection(OUTCOMES, required=True)
    message = fields.Char()
    tracked_product_id = fields.Many2one(
        "qms.tracked.product", string="Finished product", ondelete="cascade"
    )
    tracked_component_id = fields.Many2one(
        "qms.tracked.component", string="Registration", ondelete="cascade"
    )
    undoes_id = fields.Many2one("qms.tracked.scan", ondelete="cascade", index=True)
    undone_by_ids = fields.One2many("qms.tracked.scan", "undoes_id")

    _key_unique = models.UniqueIndex("(key)", "This scan was registered already.")

    @api.model
    def _log(self, values):
        """Write one scan down. sudo: a worker can't change what was scanned."""
        scan = trusted(self.sudo()).create(
            {"user_id": self.env.uid, "company_id": self.env.company.id, **values}
        )
        return untrusted(scan).sudo(False)

    @api.model
    def _find(self, key):
        """Return the scan of an identifier, an empty one where it is new."""
        # sudo: identifiers are unique over all companies
        return self.sudo().search([("key", "=", key)], limit=1)

    def _get_last(self, productions):
        """Return the user's last registration in some orders that isn't undone."""
        return self.search(
            [
                ("production_id", "in", productions.ids),
                ("user_id", "=", self.env.uid),
                ("outcome", "=", "accepted"),
                ("undone_by_ids", "=", False),
                "|",
                ("tracked_component_id.state", "=", "open"),
                "&",
                ("tracked_component_id", "=", False),
                ("tracked_product_id.state", "=", "open"),
            ],
            limit=1,
        )
