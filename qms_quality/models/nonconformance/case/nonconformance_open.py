from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain

from ...sentinel import trusted, untrusted
from .nonconformance import DONE_STATES
from .nonconformance_action import TODO


class QmsNonconformance(models.Model):
    """Failed quality orders open cases, and pass on what they hold."""

    _inherit = "qms.nonconformance"

    @api.model
    def _open_for_orders(self, orders):
        """Give each failed order its case: the one it has, or a new one.

        The caller's action has checked the rights. All at once, however many.

        :param orders: ``qms.quality.order``
        :return: ``{order: case}``
        """
        if not orders:
            return {}
        # sudo: whoever validates an order opens its case by doing so. Nothing is logged
        # or followed per case: its making is in the audit trail.
        model = trusted(self.sudo()).with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True
        )
        orders = orders.with_env(model.env)
        known = model._find_for_orders(orders)
        model._take_failures(known)
        new = orders.filtered(lambda order: order not in known)
        made = model.create([order._prepare_case_values() for order in new])
        made._tell_responsibles()
        cases = {**known, **dict(zip(new, made, strict=True))}
        model._take_over_holds(cases)
        model._log_opened(dict(zip(new, made, strict=True)))
        return {
            order.with_env(self.env): untrusted(case).with_env(self.env)
            for order, case in cases.items()
        }

    @api.model
    def _log_opened(self, cases):
        """Link orders and their new cases in their messages.

        :param dict cases: ``{order: case}``
        """
        opened, failed = self.env._("Nonconformance opened:"), self.env._("Failed:")
        bodies, own = {}, {}
        for order, case in cases.items():
            bodies[order.id] = Markup("%s %s") % (opened, case._get_html_link())
            own[case.id] = Markup("%s %s") % (failed, order._get_html_link())
        self.env["qms.quality.order"].browse(bodies)._message_log_batch(bodies)
        self.browse(own)._message_log_batch(own)

    @api.model
    def _find_for_orders(self, orders):
        """Return the cases that failures of orders belong to, in sudo.

        An order that a case asked for speaks of that case's goods, as long as it is not
        done; any other has one case that isn't cancelled.

        :return: ``{order: case}``, without the orders that have none
        """
        found = {
            order: order.nonconformance_id
            for order in orders
            if order.nonconformance_id
            and order.nonconformance_id.state not in DONE_STATES
            and order.nonconformance_id.product_id == order.product_id
        }
        cases = self.sudo().search(
            Domain("quality_order_id", "in", orders.ids)
            & Domain("state", "!=", "cancelled")
        )
        by_order = {case.quality_order_id.id: case for case in cases}
        return {
            **{order: by_order[order.id] for order in orders if order.id in by_order},
            **found,
        }

    @api.model
    def _take_failures(self, cases):
        """Add failures to cases that are there, which go back to where they matter.

        :param dict cases: ``{order: case}``
        """
        rows = self.env["qms.nonconformance.failure"]
        vals_list = []
        for order, case in cases.items():
            known = {row._get_key() for row in case.failure_ids}
            vals_list += [
                {**vals, "nonconformance_id": case.id}
                for vals in order._prepare_failures()
                if rows._get_values_key(vals) not in known
            ]
        trusted(rows.sudo()).create(vals_list)
        for order, case in cases.items():
            case._fail_again(order)

    def _fail_again(self, order):
        """Go back to the step where the goods are decided about."""
        self.ensure_one()
        reason = self.env._("%s failed.", order.name)
        if self.state == "closed":
            self._reopen(reason)
        elif self.state == "follow_up":
            self._set_state("execution", "fail_again", reason)
            self._message_log(body=reason)
        else:
            self._message_log(body=reason)

    @api.model
    def _take_over_holds(self, cases):
        """Let cases hold what their failed orders hold.

        :param dict cases: ``{order: case}``
        """
        if not cases:
            return
        ids = [order.id for order in cases]
        holds = self.env["qms.hold"]._search_open("qms.quality.order", ids).sudo()
        by_order = {order.id: case for order, case in cases.items()}
        holds._hand_over_each(
            {hold: by_order[hold.res_id] for hold in holds},
            self._get_hand_over_text(by_order.values()),
        )

    def _get_hand_over_text(self, cases):
        names = sorted({case.name for case in cases})
        return self.env._("Passed to %s", ", ".join(names))

    def _tell_responsibles(self):
        """Give those who are responsible an activity, unless they opened it."""
        for user, cases in self.grouped("user_id").items():
            if user and user != self.env.user:
                cases.with_context(lang=user.lang).activity_schedule(
                    TODO,
                    user_id=user.id,
                    summary=self.env._("Find out why it failed"),
                )
