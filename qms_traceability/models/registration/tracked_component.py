from odoo import api, fields, models

from odoo.addons.qms_quality.models.sentinel import trusted, untrusted

STATES = [
    ("open", "Registered"),
    ("done", "Consumed"),
    ("removed", "Removed"),
    ("replaced", "Corrected"),
]


class QmsTrackedComponent(models.Model):
    """One registration: so much of a component's lot went into one finished lot."""

    _name = "qms.tracked.component"
    _inherit = ["qms.protected.mixin", "qms.audit.mixin"]
    _description = "Tracked Component"
    _order = "id"
    _check_company_auto = True

    name = fields.Char(string="Number", required=True, readonly=True, default="/")
    tracked_product_id = fields.Many2one(
        "qms.tracked.product",
        string="Finished product",
        required=True,
        index=True,
        ondelete="cascade",
    )
    production_id = fields.Many2one(
        related="tracked_product_id.production_id", store=True, index=True
    )
    finished_lot_id = fields.Many2one(
        related="tracked_product_id.lot_id", string="Finished lot", store=True
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    move_id = fields.Many2one(
        "stock.move", string="Component", index=True, ondelete="set null"
    )
    product_id = fields.Many2one(
        "product.product",
        string="Product used",
        required=True,
        ondelete="restrict",
        check_company=True,
        help="The component or, where the order allows it, a substitute.",
    )
    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot/Serial Number",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    is_serial = fields.Boolean(qms_audit=False)
    is_picked = fields.Boolean(string="Picked", readonly=True)
    # of goods in different units
    quantity = fields.Float(digits="Product Unit", required=True, aggregator=None)
    uom_id = fields.Many2one(related="product_id.uom_id")
    state = fields.Selection(STATES, required=True, default="open", index=True)
    user_id = fields.Many2one("res.users", string="By", required=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    replaces_id = fields.Many2one(
        "qms.tracked.component", string="Corrects", ondelete="restrict"
    )
    reason = fields.Char(readonly=True)

    _serial_unique = models.UniqueIndex(
        "(lot_id) WHERE is_serial AND state = 'open'",
        "This serial number is registered already.",
    )
    _open_index = models.Index("(lot_id) WHERE state = 'open'")

    @api.model
    def _get_protection_text(self):
        return self.env._(
            "Components are registered and removed on the page of tracked components"
            " only."
        )

    # -- Writing -----------------------------------------------------------------------

    @api.model
    def _write_down(self, row, move, lot, quantity, **values):
        """Write a component down. sudo: only registering writes rows."""
        registration = trusted(self.sudo()).create(
            {
                "name": row.company_id._qms_get_next_registration(),
                "tracked_product_id": row.id,
                "company_id": row.company_id.id,
                "move_id": move.id,
                "product_id": lot.product_id.id,
                "lot_id": lot.id,
                "is_serial": lot.product_id.tracking == "serial",
                "quantity": quantity,
                "user_id": self.env.uid,
                **values,
            }
        )
        return untrusted(registration).sudo(False)

    def _change(self, values):
        """Write what an action found out. sudo: workers have no right to write rows."""
        trusted(self.sudo()).write(values)

    def _remove(self, reason):
        """Take registrations back; they stay to be read."""
        self._change({"state": "removed", "reason": reason})
        self.filtered("is_picked")._write_picked()
        self.sudo()._audit("remove", reason=reason)

    # -- What else is known of the lots ------------------------------------------------

    @api.model
    def _get_open_of_lot(self, lot):
        # sudo: a number is used up in whatever company it is registered
        return self.sudo().search([("lot_id", "=", lot.id), ("state", "=", "open")])
