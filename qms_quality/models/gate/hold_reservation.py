from odoo import fields, models
from odoo.fields import Domain

from .transaction import Goods


class QmsHold(models.Model):
    """What placing and releasing a hold does to reservations."""

    _inherit = "qms.hold"

    # -- A lot that becomes held loses its reservations --------------------------------

    def _free_reservations(self):
        """Unreserve what these holds block, look for other goods, tell who waits."""
        holds = self.filtered("blocked_types")
        lines = holds._get_blocked_lines()
        if not lines:
            return
        moves = lines.move_id
        holds._notify_responsibles(moves)
        lines.unlink()
        moves._action_assign()

    def _get_blocked_lines(self):
        """Return the reserved lines of open moves that these holds block."""
        if not self:
            return self.env["stock.move.line"]
        lines = self.env["stock.move.line"].sudo().search(self._get_reserved_domain())
        goods = [
            Goods(line.product_id, line.lot_id, line.location_id, line.package_id)
            for line in lines
        ]
        blocked = lines.browse()
        for line, holds in zip(lines, self._match_goods(goods), strict=True):
            types = line.move_id._qms_get_reservation_types()
            partner = line.move_id._qms_get_partner()
            if any(hold._get_policy(types, partner) == "block" for hold in holds):
                blocked |= line
        return blocked

    def _get_reserved_domain(self):
        """Return the domain of the lines that may be reserved from held goods."""
        return (
            Domain("state", "in", ("partially_available", "assigned"))
            & Domain("quantity_product_uom", ">", 0)
            & Domain("location_id.usage", "in", ("internal", "transit"))
            & self._get_covered_domain()
        )

    def _notify_responsibles(self, moves):
        """Give each responsible one activity, however many holds took his goods."""
        moves = moves.filtered("company_id.qms_notify_lost_reservation")
        for user in moves._qms_get_responsibles():
            own = moves.filtered(lambda m, user=user: user in m._qms_get_responsibles())
            holds = self.filtered(
                lambda hold, own=own: (
                    not hold.root_id and hold.product_id in own.product_id
                )
            )
            holds[:1].activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=self.env._("Held goods were reserved"),
                note=self.env._(
                    "%(goods)s is held now. These documents wait for other goods:"
                    " %(documents)s",
                    goods=holds._get_goods_names(),
                    documents=", ".join(own._qms_get_document_names()),
                ),
            )

    def _get_goods_names(self, limit=10):
        """Return what is held, for people; of many holds only the first few."""
        names = ", ".join(hold._get_goods_name() for hold in self[:limit])
        if len(self) <= limit:
            return names
        return self.env._(
            "%(names)s and %(count)s more", names=names, count=len(self) - limit
        )

    # -- Release runs reservation again ------------------------------------------------

    def _reserve_again(self):
        """Let the moves that wait for these goods reserve them."""
        holds = self.filtered("blocked_types")
        quants = holds._get_quants()
        if not quants or self.env["ir.config_parameter"].sudo().get_param(
            "stock.picking_no_auto_reserve"
        ):
            return
        # sudo: an inspector who releases a lot has no right to touch a delivery
        moves = self.env["stock.move"].sudo()
        moves.search(
            self._get_waiting_domain(quants),
            order="priority desc, date asc, id asc",
        )._action_assign()

    def _get_waiting_domain(self, quants):
        """Return the domain of the moves that could reserve ``quants`` by themselves.

        As core does after a receipt: moves to be reserved later, by date or by hand,
        are left alone.
        """
        return (
            Domain("state", "in", ("confirmed", "partially_available"))
            & Domain("product_id", "in", quants.product_id.ids)
            & Domain("location_id", "parent_of", quants.location_id.ids)
            & (
                Domain("reservation_date", "<=", fields.Date.today())
                | Domain("picking_type_id.reservation_method", "=", "at_confirm")
            )
        )
