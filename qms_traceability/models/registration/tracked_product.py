from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.qms_quality.models.sentinel import trusted, untrusted

STATES = [
    ("open", "Registered"),
    ("done", "Produced"),
    ("removed", "Removed"),
]
STATUSES = [
    ("not_started", "Not started"),
    ("in_progress", "In progress"),
    ("completed", "Completed"),
]


class QmsTrackedProduct(models.Model):
    """A finished lot or serial number that an order makes, to register what goes in.

    It is registered before its order is closed. Closing the order produces it.
    """

    _name = "qms.tracked.product"
    _inherit = ["qms.protected.mixin", "qms.guarded.mixin"]
    _description = "Tracked Finished Product"
    _order = "id"
    _check_company_auto = True

    production_id = fields.Many2one(
        "mrp.production",
        string="Order",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    product_id = fields.Many2one(
        "product.product", required=True, ondelete="restrict", check_company=True
    )
    uom_id = fields.Many2one(related="product_id.uom_id")
    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot/Serial Number",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    is_serial = fields.Boolean(qms_audit=False)
    quantity = fields.Float(digits="Product Unit", required=True)
    good_quantity = fields.Float(digits="Product Unit")
    error_quantity = fields.Float(digits="Product Unit")
    error_action = fields.Selection(
        [("scrap", "Scrap"), ("nonconformance", "Nonconformance")],
        string="What is wrong goes to",
        default="scrap",
    )
    state = fields.Selection(STATES, required=True, default="open", index=True)
    status = fields.Selection(STATUSES, compute="_compute_status")
    user_id = fields.Many2one("res.users", string="By", required=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    component_ids = fields.One2many(
        "qms.tracked.component", "tracked_product_id", string="Components"
    )

    _serial_unique = models.UniqueIndex(
        "(lot_id) WHERE is_serial AND state = 'open'",
        "This serial number is registered already.",
    )
    _lot_unique = models.UniqueIndex(
        "(production_id, lot_id) WHERE state = 'open'",
        "This lot is registered already.",
    )

    @api.depends("lot_id", "production_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.lot_id.name} ({row.production_id.name})"

    @api.depends("component_ids.quantity", "component_ids.state", "quantity")
    def _compute_status(self):
        statuses = self._get_statuses()
        for row in self:
            row.status = statuses[row]

    @api.model
    def _get_protection_text(self):
        return self.env._(
            "Finished products are registered and removed on the page of tracked"
            " components only."
        )

    # -- How far it is -----------------------------------------------------------------

    def _get_registered(self):
        """Return ``{(row, move): quantity}`` of what is registered, in its unit."""
        if len(self) == 1:
            return self._get_registered_here()
        groups = self.env["qms.tracked.component"]._read_group(
            [
                ("tracked_product_id", "in", self.ids),
                ("state", "in", ("open", "done")),
            ],
            ["tracked_product_id", "move_id"],
            ["quantity:sum"],
        )
        return {(row.id, move.id): quantity for row, move, quantity in groups}

    def _get_registered_here(self):
        """Return the same of one row, from what is shown of it anyway."""
        ones = self.component_ids.filtered(lambda one: one.state in ("open", "done"))
        return {
            (self.id, move.id): sum(own.mapped("quantity"))
            for move, own in ones.grouped("move_id").items()
        }

    def _get_started(self, move):
        """Return how much of a component this takes, in the component's unit."""
        self.ensure_one()
        whole = self.production_id.product_uom_qty
        if not whole:
            return 0
        return move.product_id.uom_id.round(move.product_qty * self.quantity / whole)

    def _get_statuses(self):
        """Return ``{row: status}``."""
        registered = self._get_registered()
        moves = {order: order._qms_get_tracked_moves() for order in self.production_id}
        return {
            row: row._get_status(moves[row.production_id], registered) for row in self
        }

    def _get_status(self, moves, registered):
        self.ensure_one()
        taken = [(move, registered.get((self.id, move.id), 0)) for move in moves]
        if all(
            move.product_id.uom_id.compare(quantity, self._get_started(move)) >= 0
            for move, quantity in taken
        ):
            return "completed"
        return "in_progress" if any(q for _move, q in taken) else "not_started"

    def _check_not_cancelled(self):
        """Refuse what belongs to an order that is cancelled.

        :raise UserError: names the finished products and the order
        """
        cancelled = self.filtered(lambda row: row.production_id.state == "cancel")
        if cancelled:
            raise UserError(
                self.env._(
                    "%(order)s is cancelled: %(lots)s isn't made by it any more.",
                    order=", ".join(cancelled.production_id.mapped("name")),
                    lots=", ".join(cancelled.lot_id.mapped("name")),
                )
            )

    # -- Writing -----------------------------------------------------------------------

    @api.model
    def _write_down(self, production, lot, quantity):
        """Write a finished product down. sudo: only registering writes rows."""
        row = trusted(self.sudo()).create(
            {
                "production_id": production.id,
                "company_id": production.company_id.id,
                "product_id": production.product_id.id,
                "lot_id": lot.id,
                "is_serial": production.product_tracking == "serial",
                "quantity": quantity,
                "good_quantity": quantity,
                "user_id": self.env.uid,
            }
        )
        return untrusted(row).sudo(False)

    def _change(self, values):
        """Write what an action found out. sudo: workers have no right to write rows."""
        trusted(self.sudo()).write(values)

    def _remove(self, reason):
        """Take finished products and what was registered into them back."""
        rows = self.filtered(lambda row: row.state == "open")
        rows.component_ids.filtered(lambda one: one.state == "open")._remove(reason)
        rows._change({"state": "removed"})
        rows.sudo()._audit("remove", reason=reason)
