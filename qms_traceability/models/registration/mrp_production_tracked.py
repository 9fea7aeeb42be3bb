from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

WORKER = "mrp.group_mrp_user"
OPEN_STATES = ("confirmed", "progress", "to_close")


class MrpProduction(models.Model):
    """What is registered of an order: finished numbers, and what went into them."""

    _name = "mrp.production"
    _inherit = ["mrp.production", "qms.audit.mixin"]

    qms_allow_substitutes = fields.Boolean(
        string="Allow Substitutes",
        help="Substitutes that the bill of materials names may be registered in place"
        " of its components.",
    )
    qms_tracked_product_ids = fields.One2many(
        "qms.tracked.product", "production_id", string="Tracked Finished Products"
    )
    qms_is_trackable = fields.Boolean(compute="_compute_qms_is_trackable")
    qms_tracked_text = fields.Char(
        string="Tracked Components", compute="_compute_qms_tracked_text"
    )

    @api.depends("product_tracking", "state")
    def _compute_qms_is_trackable(self):
        for order in self:
            order.qms_is_trackable = (
                order.product_tracking != "none" and order.state != "draft"
            )

    @api.depends("qms_tracked_product_ids.status")
    def _compute_qms_tracked_text(self):
        for order in self:
            rows = order.qms_tracked_product_ids.filtered(
                lambda row: row.state != "removed"
            )
            ready = rows.filtered(lambda row: row.status == "completed")
            order.qms_tracked_text = f"{len(ready)} / {len(rows)}"

    # -- Rights ------------------------------------------------------------------------

    def _qms_check_tracker(self):
        """Refuse unless the user works in manufacturing and may change these orders.

        :raise AccessError: says whom to ask
        """
        # the user's own groups: sudo is no right to register
        if not self.env.user.has_group(WORKER):
            raise AccessError(
                self.env._(
                    "You may not register components. Ask a user of Manufacturing."
                )
            )
        self.check_access("write")

    def _qms_check_one(self):
        """Refuse what is not exactly one order, in words."""
        if len(self) != 1 or not self.exists():
            raise UserError(
                self.env._("This order doesn't exist any more. Open it again.")
            )

    # -- The orders that belong together -----------------------------------------------

    def _qms_get_group(self):
        """Return all orders that were split from the same one, these first."""
        return self | self.production_group_id.production_ids.filtered(
            lambda order: (
                order.product_id in self.product_id and order.state != "cancel"
            )
        ).sorted("id")

    def _qms_get_open_rows(self):
        return self.qms_tracked_product_ids.filtered(lambda row: row.state == "open")

    def _qms_get_tracked_moves(self):
        """Return the components that have lots or serial numbers."""
        return self.move_raw_ids.filtered(
            lambda move: (
                move.has_tracking != "none"
                and move.state != "cancel"
                and not move.qms_substitute_of_id
                and move.product_uom_qty
            )
        )

    def _qms_get_room(self):
        """Return how much of this order isn't registered yet, in the product's unit."""
        self.ensure_one()
        if self.state not in OPEN_STATES:
            return 0
        return self.product_uom_qty - sum(self._qms_get_open_rows().mapped("quantity"))

    def _qms_lock_tracking(self):
        """Let those who register for one order take turns.

        :return: a number that every change of the order's registrations moves on
        """
        self.env.cr.execute(
            """UPDATE mrp_production_group
               SET qms_tracking_version = COALESCE(qms_tracking_version, 0) + 1
               WHERE id = %s RETURNING qms_tracking_version""",
            [self.production_group_id.id],
        )
        found = self.env.cr.fetchone()
        return found[0] if found else 0

    # -- Opening the page --------------------------------------------------------------

    def action_qms_track(self):
        """Open the page on which components are registered.

        For all orders that were split from this one, as one.

        :raise UserError: if there is nothing to register, or several orders are chosen
            that weren't split from the same one
        """
        if len(self.production_group_id) > 1:
            raise UserError(self.env._("Choose one order to track components of."))
        return self[:1]._qms_open_page()

    def _qms_open_page(self):
        self._qms_check_one()
        self._qms_check_trackable()
        # sudo: the page itself is nothing to be kept from anybody
        action = (
            self.env["ir.actions.actions"]
            .sudo()
            ._for_xml_id("qms_traceability.action_qms_track_components")
        )
        return {
            **action,
            "context": {"active_id": self.id, "active_model": self._name},
        }

    def _qms_check_trackable(self):
        if self.product_tracking == "none":
            raise UserError(
                self.env._(
                    "%(product)s has no lots or serial numbers, so that nothing can be"
                    " registered for %(order)s. Track it by lots or serials first.",
                    product=self.product_id.display_name,
                    order=self.name,
                )
            )
        if self.state == "draft":
            raise UserError(
                self.env._(
                    "%(order)s is a draft. Confirm it before you register components.",
                    order=self.name,
                )
            )
