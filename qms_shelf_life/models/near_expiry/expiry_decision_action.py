from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.qms_quality.models.sentinel import trusted, untrusted

from .expiry_decision import MANAGER


class QmsExpiryDecision(models.Model):
    """Decided and carried out at once, or left alone: by shelf-life managers."""

    _inherit = "qms.expiry.decision"

    def _check_manager(self):
        """Refuse those who are no shelf-life managers; superusers too.

        :raise AccessError: names the group
        """
        self.env.user._qms_check_group(MANAGER)
        self.check_access("write")

    def action_open_wizard(self):
        """Ask what becomes of these goods, for all of them at once.

        :return: action
        :raise AccessError: if the user is no shelf-life manager
        :raise UserError: if a row doesn't wait
        """
        self._check_manager()
        self._check_state(["waiting"], self.env._("Decide"))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decide"),
            "res_model": "qms.expiry.decision.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_decision_ids": self.ids},
        }

    # -- Deciding ----------------------------------------------------------------------

    def action_decide(self):
        """Decide what becomes of the goods, and carry it out: all of it, or nothing.

        :return: a client action where a signature or an approval is needed
        :raise AccessError: if the user is no shelf-life manager
        :raise UserError: all that is in the way, of all rows
        """
        return self._qms_guarded("decide")

    def _qms_check_decide(self):
        self._check_manager()
        self._check_state(["waiting"], self.env._("Decide"))
        self._check_problems()

    def _qms_do_decide(self):
        rows = trusted(self.sudo())
        # while they wait: they don't follow what is cancelled
        rows._stop_quarantine()
        # first: nothing is carried out twice
        values = {row: row._prepare_decided() for row in rows}
        for row in rows:
            row.write(values[row])
        rows._audit("decide")
        rows.flush_recordset()
        rows._forget_stock()
        rests = rows._list_rest()
        # sudo: who decides on goods need not be allowed to move or sell them
        rows = untrusted(rows)
        for company, some in rows.grouped("company_id").items():
            for kind, alike in some.with_company(company).grouped("kind").items():
                getattr(alike, f"_execute_{kind}")()
        rests.exists()._send_to_quarantine()

    def _prepare_decided(self):
        self.ensure_one()
        quantity = self._get_decided_quantity()
        return {
            "state": "decided",
            "quantity": quantity,
            "value": self.stock_value * quantity / self.stock_quantity,
            "decided_by_id": self.env.uid,
            "date_decided": fields.Datetime.now(),
        }

    def _list_rest(self):
        """List what these rows don't decide about, as rows of its own.

        :return: the new rows
        """
        stock, siblings = self._get_stock(), self._get_siblings()
        vals_list = []
        for row in self:
            others = siblings[row]
            if "waiting" in others.mapped("state"):
                continue
            left = sum(stock[row].mapped("quantity")) - sum(
                one.quantity - one.done_quantity
                for one in row | others
                if one.state == "decided"
            )
            if row.uom_id.compare(left, 0) > 0:
                vals_list.append(row._prepare_rest())
        # trusted: goods stay on the list until they are decided on
        rows = trusted(self.sudo()).with_context(
            mail_create_nosubscribe=True, tracking_disable=True
        )
        return untrusted(rows.create(vals_list).with_env(self.env))

    def _prepare_rest(self):
        return {
            "lot_id": self.lot_id.id,
            "warehouse_id": self.warehouse_id.id,
            "user_id": self.user_id.id,
        }

    # -- Leaving as it is --------------------------------------------------------------

    def action_leave(self):
        """Take goods off the list without a decision: they stay what they are.

        :raise AccessError: if the user is no shelf-life manager
        :raise UserError: if a row doesn't wait, or nobody says why
        """
        self._check_leave()
        reason = self.env._("Left as it is")
        for row in self:
            row._close(f"{reason}: {row.reason.strip()}", settled=True)

    def _check_leave(self):
        self._check_manager()
        self._check_state(["waiting"], self.env._("Leave as it is"))
        silent = self.filtered(lambda row: not (row.reason or "").strip())
        if silent:
            raise UserError(
                self.env._(
                    "Say why these goods are left as they are: %s.",
                    ", ".join(silent.mapped("display_name")),
                )
            )

    # -- What became of it -------------------------------------------------------------

    def _finish(self, quantity=None, settled=False):
        """Close rows that were carried out; what is left is listed again.

        :param float quantity: how much of it, if not all
        :param bool settled: whether the goods are still there, and stay off the list
        """
        # trusted: a checked action, or what it made is done
        rows = trusted(self.sudo())
        reason = self.env._("Carried out")
        for row in rows:
            row.done_quantity = row.quantity if quantity is None else quantity
        rows._close_permits()
        rows._write_closed("done", reason, settled)
        rows._audit("done")
        rows.flush_recordset()
        if not settled:
            short = rows.filtered(
                lambda row: row.uom_id.compare(row.done_quantity, row.quantity) < 0
            )
            short._list_rest()
        untrusted(rows)._end_holds(reason)

    def _wait_again(self, reason):
        """Have rows wait for another decision: what they made came to nothing.

        :param str reason: what happened, for people
        """
        siblings = self._get_siblings()
        # trusted: see _finish
        rows = trusted(self.sudo())
        rows._close_permits()
        merged = rows.filtered(lambda row: "waiting" in siblings[row].mapped("state"))
        (rows - merged).write(
            {
                "state": "waiting",
                "done_quantity": 0,
                "decided_by_id": False,
                "date_decided": False,
                "value": 0,
            }
        )
        rows._forget_stock()
        for row in rows:
            row.message_post(body=reason)
        (rows - merged)._audit("wait_again", reason=reason)
        # the rest waits already: it stands for all of it
        merged._close(reason)

    def _write_closed(self, state, reason, settled):
        self.write(
            {
                "state": state,
                "closing_reason": reason,
                "is_settled": settled,
                "date_done": fields.Datetime.now(),
            }
        )
        self._forget_stock()

    def _close_permits(self):
        """Leave nothing of the permits: what was not used is held as before."""
        permits = self.env["qms.hold.permit"].sudo()
        permits.search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        )._close()
