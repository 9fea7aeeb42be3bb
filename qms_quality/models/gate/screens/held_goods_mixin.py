from odoo import api, fields, models
from odoo.exceptions import UserError


class QmsHeldGoodsMixin(models.AbstractModel):
    """Buttons and counts of what is, or stands for, goods that can be held."""

    _name = "qms.held.goods.mixin"
    _description = "Goods That Can Be Held"

    qms_open_hold_count = fields.Integer(
        string="Open Holds", compute="_compute_qms_open_holds"
    )
    qms_can_release = fields.Boolean(
        string="May Release Holds", compute="_compute_qms_open_holds"
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_qms_open_holds(self):
        holds_by_record = self._qms_get_open_holds()
        for record in self:
            holds = holds_by_record[record]
            record.qms_open_hold_count = len(holds)
            record.qms_can_release = any(holds.mapped("can_release"))

    # -- What is held ------------------------------------------------------------------

    def _qms_get_held_goods(self):
        """Return the goods that each record stands for. Override.

        :return: ``{record: [Goods, …]}``, every record in it
        """
        raise NotImplementedError

    def _qms_get_open_holds(self):
        """Return the open holds on each record's goods that the user may read.

        Not those that travelled: they close with the hold they came from, which is
        returned in their place.

        :return: ``{record: qms.hold}``
        """
        goods_by_record = self._qms_get_held_goods()
        goods = [one for goods in goods_by_record.values() for one in goods]
        covering = iter(self.env["qms.hold"]._get_covering(goods))
        roots_by_record = {
            record: self.env["qms.hold"]
            .union(*(next(covering) for _one in goods_by_record[record]))
            ._get_roots()
            for record in goods_by_record
        }
        readable = self.env["qms.hold"].union(*roots_by_record.values())
        readable = readable.sudo(False)._filtered_access("read")
        return {
            record: readable & roots.sudo(False)
            for record, roots in roots_by_record.items()
        }

    # -- Buttons -----------------------------------------------------------------------

    def action_qms_hold(self):
        """Open the dialog that places holds on these goods.

        :raise AccessError: if the user may not place holds
        :raise UserError: if there are no goods to hold
        """
        wizard = self.env["qms.hold.wizard"]
        wizard._check_place()
        self.check_access("read")
        goods_by_record = self._qms_get_held_goods()
        goods = [one for goods in goods_by_record.values() for one in goods]
        if not goods:
            raise UserError(self._qms_get_no_goods_message())
        return wizard._open_place(list(dict.fromkeys(goods)), self._qms_get_picking())

    def action_qms_release(self):
        """Open the dialog that releases those of the holds that the user may release.

        :raise UserError: if nothing is held
        :raise AccessError: if the user may release none of the holds
        """
        self.check_access("read")
        holds = self.env["qms.hold"].union(*self._qms_get_open_holds().values())
        if not holds:
            raise UserError(self.env._("No open hold is on these goods."))
        return (holds.filtered("can_release") or holds).action_release()

    def action_qms_open_holds(self):
        """Open the list of the open holds on these goods."""
        holds = self.env["qms.hold"].union(*self._qms_get_open_holds().values())
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "qms_quality.qms_hold_action"
        )
        if len(holds) == 1:
            return dict(action, res_id=holds.id, views=[(False, "form")])
        return dict(action, domain=[("id", "in", holds.ids)], context={})

    def _qms_get_picking(self):
        """Return the transfer that holds placed from here come from, if it is one."""
        return self.env["stock.picking"]

    def _qms_get_no_goods_message(self):
        return self.env._("There are no goods here that could be held.")
