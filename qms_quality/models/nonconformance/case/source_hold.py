from odoo import models
from odoo.exceptions import UserError

from ...gate.transaction import Goods
from .nonconformance import DONE_STATES, INSPECTOR


class QmsNonconformance(models.Model):
    """A case that was opened by hand holds what an inspector says."""

    _inherit = "qms.nonconformance"

    def action_hold_goods(self):
        """Open the dialog that holds goods because of this case.

        :raise AccessError: if the user is no inspector
        :raise UserError: if the case is done, or names no goods that could be held
        """
        self.ensure_one()
        self._check_holding()
        goods = self._get_holdable_goods()
        if not goods:
            raise UserError(
                self.env._(
                    "%(case)s names no goods that could be held. Give its lots, or its"
                    " product.",
                    case=self.name,
                )
            )
        wizard = self.env["qms.hold.wizard"]
        action = wizard._open_place(goods, self.env["stock.picking"])
        wizard.browse(action["res_id"]).nonconformance_id = self
        return action

    def _check_holding(self):
        """Refuse unless the user may hold goods because of these cases."""
        if not self:
            return
        self._check_group(INSPECTOR)
        done = self.filtered(lambda case: case.state in DONE_STATES)
        if done:
            raise UserError(
                self.env._(
                    "%s: closed or cancelled. It holds no goods any more.",
                    ", ".join(done.mapped("name")),
                )
            )

    def _get_holdable_goods(self):
        """Return what this case is about, and doesn't hold yet: :class:`Goods`.

        Its lots wherever they are; a product without lots in each place it is in.
        """
        self.ensure_one()
        place, package = self.env["stock.location"], self.env["stock.package"]
        held = self.env["qms.hold"]._search_open(self._name, self.ids)
        if self.lot_ids or self.product_id.tracking != "none":
            whole = held.filtered(lambda hold: hold.scope == "lot").lot_id
            return [
                Goods(lot.product_id, lot, place, package)
                for lot in self.lot_ids - whole
            ]
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.product_id.id),
                ("company_id", "=", self.company_id.id),
                ("location_id.usage", "=", "internal"),
                ("location_id", "not in", held.location_id.ids),
                ("quantity", ">", 0),
            ]
        )
        return list(dict.fromkeys(quants._qms_get_goods()))

    def _hold_reported(self, goods):
        """Hold goods because of this case. The caller has checked the rights.

        :param list goods: of :class:`Goods`
        :return: the holds
        """
        self.ensure_one()
        status = self.env.ref("qms_quality.status_on_hold")
        return self.env["qms.hold"]._place(
            [
                {
                    **self._prepare_hold_values(status),
                    "product_id": one.product.id,
                    "lot_id": one.lot.id,
                    "location_id": one.location.id,
                    "package_id": one.package.id,
                }
                for one in dict.fromkeys(goods)
            ]
        )

    def _tell_team(self):
        """Let the team's responsible follow cases that somebody reported."""
        for case in self:
            # sudo: whoever reports need not be allowed to read the team
            user = case.sudo().team_id.user_id
            # a team of all companies is told about what its responsible can't see
            if user.active and case.company_id in user.company_ids:
                case.message_subscribe(user.partner_id.ids)
