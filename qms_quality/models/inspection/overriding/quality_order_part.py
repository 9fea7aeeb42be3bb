from odoo import models
from odoo.exceptions import UserError

from ...number_text import format_quantity
from ..quality_order import MANAGER


class QmsQualityOrder(models.Model):
    """Part of a lot is accepted, the rest is not: the lot is split."""

    _inherit = "qms.quality.order"

    def action_accept_part(self, quant_id, quantity, reason, name=None):
        """Free part of the goods: it becomes a lot of its own, without this hold.

        What other orders hold stays held by them.

        :param int quant_id: the goods, in one place
        :param float quantity: in the unit of the product
        :param str reason: why
        :param str name: number of the new lot; the next free one if empty
        :return: an action, where a rule asks for a signature or an approval
        :raise AccessError: if the user is no quality manager
        :raise UserError: if the goods are not held by this order, or can't be split
        """
        self.ensure_one()
        if not isinstance(quantity, int | float):
            raise UserError(self.env._("%s: the quantity is a number.", self.name))
        return self._qms_guarded(
            "accept_part",
            quant_id=quant_id,
            quantity=quantity,
            reason=reason.strip() if isinstance(reason, str) else "",
            name=name or False,
        )

    def _qms_check_accept_part(self, quant_id, quantity, reason, name):
        self._check_group(MANAGER)
        self._check_state(["open", "validated"], self.env._("Accept a Part"))
        self._check_reason(reason)
        for order in self:
            quant = order._get_held_quant(quant_id)
            quant.lot_id._qms_check_split(quantity, quant)
            if not quant.product_uom_id.compare(quantity, quant.quantity):
                raise UserError(
                    self.env._(
                        "%(order)s: that is all of %(lot)s in this place. To accept all"
                        " of a lot, override its results.",
                        order=order.name,
                        lot=quant.lot_id.name,
                    )
                )

    def _get_held_quant(self, quant_id):
        """Return the goods, if this order holds them, in sudo.

        :raise UserError: if it doesn't
        """
        quant = self._get_held_quants().filtered(lambda one: one.id == quant_id)
        if not quant:
            raise UserError(
                self.env._(
                    "%s does not hold these goods. Choose goods that it holds.",
                    self.name,
                )
            )
        return quant

    def _get_held_quants(self):
        """Return the goods that these orders hold, in sudo."""
        holds = self.env["qms.hold"]._search_open(self._name, self.ids).sudo()
        holds |= holds.child_ids.filtered(lambda hold: hold.state == "open")
        return holds._get_quants().filtered(
            lambda quant: quant.quantity > 0 and quant.location_id.usage == "internal"
        )

    def _qms_do_accept_part(self, quant_id, quantity, reason, name):
        for order in self:
            quant = order._get_held_quant(quant_id)
            lot, place = quant.lot_id, quant.location_id
            child = lot.sudo(self.env.su)._qms_split(
                quantity,
                place,
                name=name or None,
                package=quant.package_id,
                owner=quant.owner_id,
            )
            holds = self.env["qms.hold"]._search_open(order._name, order.ids)
            holds.filtered(lambda hold, c=child: hold.lot_id == c)._release(reason)
            order._keep_override(
                "part",
                self.env._(
                    "%(quantity)s %(unit)s of %(lot)s as %(child)s",
                    quantity=format_quantity(self.env, quantity),
                    unit=quant.product_uom_id.name,
                    lot=lot.name,
                    child=child.name,
                ),
                order._get_part_verdict(),
                "passed",
                reason,
                lot_id=child.id,
            )
            order._after_part(child)

    def _get_part_verdict(self):
        return "failed" if self.verdict == "failed" else "not_tested"

    def _after_part(self, child):
        """Follow what becomes of a part that was accepted. Extension point."""

    def _get_accepted_parts(self):
        # sudo: who opens an order again need not be allowed to read these
        kept = self.sudo().override_ids.filtered(lambda one: one.kind == "part")
        return super()._get_accepted_parts() | kept.lot_id.with_env(self.env)
