from odoo import api, fields, models
from odoo.exceptions import UserError

STARTED = ("progress", "to_close", "done")


class MrpProduction(models.Model):
    """An order that lacks a component because it is held is not worked on."""

    _inherit = "mrp.production"

    qms_shortage = fields.Text(
        string="Short Components",
        compute="_compute_qms_shortage",
        help="Components that are short while held stock of them is at their source.",
    )

    @api.depends("state", "move_raw_ids.state", "move_raw_ids.quantity")
    def _compute_qms_shortage(self):
        waiting = self.filtered(lambda order: order.state not in ("draft", "cancel"))
        texts = dict.fromkeys(self.ids, "")
        moves = waiting.move_raw_ids
        for shortage in moves._qms_get_shortages():
            order = shortage.move.raw_material_production_id
            texts[order.id] += f"{moves._qms_get_shortage_text(shortage)}\n"
        for order in self:
            order.qms_shortage = texts.get(order._origin.id, "").strip() or False

    # -- Start, work and close --------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        started = [self._qms_starts(vals) for vals in vals_list]
        if any(started):
            orders._qms_check_components()
        return orders

    def write(self, vals):
        if self._qms_starts(vals):
            self._qms_check_components()
        return super().write(vals)

    def button_mark_done(self):
        # the others are asked when core writes what they produce, in this same call
        untouched = self.filtered(
            lambda order: not order.qty_producing and order._auto_production_checks()
        )
        (self - untouched)._qms_check_components()
        return super().button_mark_done()

    def _qms_starts(self, vals):
        """Tell whether writing ``vals`` starts, continues or closes an order."""
        return bool(vals.get("qty_producing")) or vals.get("state") in STARTED

    def _qms_check_components(self):
        """Refuse to work on orders whose missing components are there, but held.

        :raise UserError: lists every such component with what holds it
        """
        moves = self.move_raw_ids
        # asked together, what is consumed and what is made cost one query
        goods = (moves | self.move_finished_ids).product_id
        goods.mapped("qms_blocked_types")
        shortages = moves._qms_get_shortages()
        if not shortages:
            return
        raise UserError(self._qms_get_components_refusal(shortages))

    def _qms_get_components_refusal(self, shortages):
        """Return the message: which orders, what they lack and why, what to do."""
        moves = self.env["stock.move"].union(*(one.move for one in shortages))
        return self.env._(
            "%(orders)s can't be started, worked on or closed: what is missing of"
            " these components is held.\n%(rows)s\n"
            "Ask for the release, get other goods, or reduce or split the order.",
            orders=", ".join(moves.raw_material_production_id.mapped("name")),
            rows=moves._qms_get_shortage_rows(shortages),
        )
