from odoo import api, fields, models
from odoo.fields import Domain

from ...number_text import format_number
from ...sentinel import trusted


class QmsCapaCheck(models.Model):
    """What a check counts, and the verdict that follows."""

    _inherit = "qms.capa.check"

    @api.model
    def _cron_count(self, limit=100):
        """Count once a day for each check that goes on. In batches, with progress."""
        today = fields.Datetime.now().replace(hour=0, minute=0, second=0)
        domain = Domain("verdict", "=", "running") & (
            Domain("date_counted", "=", False) | Domain("date_counted", "<", today)
        )
        checks = self.search(domain, order="date_counted, id", limit=limit)
        checks._count()
        self.env["ir.cron"]._commit_progress(
            len(checks), remaining=self.search_count(domain)
        )

    def _count(self):
        """Count anew, and tell the CAPA where that ends the check."""
        # sudo: what is counted doesn't depend on who may read it
        for check in trusted(self.sudo()).filtered(
            lambda one: one.verdict == "running"
        ):
            cases = check._find_cases()
            counts = check._get_counts(cases)
            verdict, text = getattr(check, f"_judge_{check.kind}")(**counts)
            check.write(
                {
                    "date_counted": fields.Datetime.now(),
                    "lot_count": counts["lots"],
                    "value": counts["value"],
                    "text": text,
                }
            )
            if verdict != "running":
                check._end(verdict, cases)

    def _end(self, verdict, cases):
        """Write a verdict, and let the CAPA follow it.

        :param str verdict: of the check
        :param cases: ``qms.nonconformance`` that came again
        """
        self.ensure_one()
        values = {"verdict": verdict, "date_done": fields.Datetime.now()}
        if verdict == "ineffective":
            values["nonconformance_ids"] = [(6, 0, cases.ids)]
        self.write(values)
        self._audit("judge", reason=self.text)
        self.capa_id._follow_verdict(self)

    # -- What is counted ---------------------------------------------------------------

    def _get_scope(self):
        """Return the domain of what is about the same product and supplier."""
        self.ensure_one()
        capa, domain = self.capa_id, Domain("company_id", "=", self.company_id.id)
        if capa.product_id:
            domain &= Domain("product_id", "=", capa.product_id.id)
        if capa.partner_id:
            partner = capa.partner_id.commercial_partner_id
            domain &= Domain("partner_id", "child_of", partner.ids)
        return domain

    def _get_case_domain(self, is_open_end=False):
        """Return the domain of cases that may be a recurrence.

        :param bool is_open_end: those after the end of this check, too
        """
        domain = (
            self._get_scope()
            & Domain("state", "!=", "cancelled")
            & Domain("date_opened", ">=", self.date_from)
        )
        if self.date_to and not is_open_end:
            domain &= Domain("date_opened", "<=", self.date_to)
        center = self.capa_id.workcenter_id
        if center:
            domain &= Domain("workcenter_id", "=", center.id) | Domain(
                "workorder_id.workcenter_id", "=", center.id
            )
        return domain

    def _find_cases(self, is_open_end=False):
        """Return the cases of this cause, product, supplier and work centre.

        :param bool is_open_end: those after the end of this check, too
        """
        domain = self._get_case_domain(is_open_end)
        cause = self.capa_id.root_cause_id
        if cause:
            domain &= Domain("root_cause_id", "=", cause.id)
        return self.env["qms.nonconformance"].search(domain)

    def _get_counts(self, cases):
        """Return what the verdict follows from, by name."""
        unclear = 0
        if self.capa_id.root_cause_id:
            domain = self._get_case_domain() & Domain("root_cause_id", "=", False)
            unclear = self.env["qms.nonconformance"].search_count(domain)
        total, failed = self._count_orders()
        value = len(cases)
        if self.figure == "orders":
            value = 100 * failed / total if total else 0
        return {
            "cases": cases,
            "unclear": unclear,
            "lots": self._count_lots(),
            "orders": total,
            "value": value,
        }

    def _get_order_domain(self):
        """Return the domain of the verdicts in this period on goods like these."""
        domain = (
            self._get_scope()
            & Domain("state", "=", "validated")
            & Domain("date_validated", ">=", self.date_from)
        )
        if self.date_to:
            domain &= Domain("date_validated", "<=", self.date_to)
        center = self.capa_id.workcenter_id
        if center:
            domain &= Domain("workorder_id.workcenter_id", "=", center.id) | Domain(
                "production_id.workorder_ids.workcenter_id", "=", center.id
            )
        return domain

    def _count_orders(self):
        """Return how many quality orders there were, and how many failed."""
        rows = self.env["qms.quality.order"]._read_group(
            self._get_order_domain(), ["verdict"], ["__count"]
        )
        counts = dict(rows)
        return sum(counts.values()), counts.get("failed", 0)

    def _count_lots(self):
        """Return how many lots were inspected; what has no lot counts by its order."""
        domain = self._get_order_domain()
        orders = self.env["qms.quality.order"]
        bare = orders.search_count(domain & Domain("lot_ids", "=", False))
        lots = self.env["stock.lot"].search_count(
            [("qms_quality_order_ids", "any", domain)]
        )
        return bare + lots

    # -- The verdict -------------------------------------------------------------------

    def _is_over(self):
        return bool(self.date_to) and self.date_to <= fields.Datetime.now()

    def _judge_days(self, cases, unclear, lots, **_counts):
        if cases:
            return "ineffective", self._get_recurred_text(cases)
        text = self.env._("no recurrence, %s lots inspected", lots)
        return self._wait_for_causes(unclear, text, self._is_over())

    def _judge_lots(self, cases, unclear, lots, **_counts):
        if cases:
            return "ineffective", self._get_recurred_text(cases)
        text = self.env._(
            "no recurrence in %(lots)s of %(wanted)s lots",
            lots=lots,
            wanted=self.lots,
        )
        if lots < self.lots and self._is_over():
            return "undecided", self.env._("too few lots: %s", text)
        return self._wait_for_causes(unclear, text, lots >= self.lots)

    def _judge_figure(self, cases, unclear, orders, value, **_counts):
        label = dict(self._fields["figure"]._description_selection(self.env))
        text = self.env._(
            "%(figure)s: %(value)s, at most %(limit)s",
            figure=label[self.figure],
            value=format_number(self.env, value, most=2),
            limit=format_number(self.env, self.limit),
        )
        # what came can't go away; a share can still become smaller
        if self.figure == "cases" and value > self.limit:
            return "ineffective", text
        if not self._is_over():
            return "running", text
        if self.figure == "orders":
            if not orders:
                return "undecided", self.env._("no quality orders in this time")
            return "effective" if value <= self.limit else "ineffective", text
        return self._wait_for_causes(unclear, text, True)

    def _wait_for_causes(self, unclear, text, is_over):
        """Return the verdict of a check that found nothing against the measures.

        :param int unclear: cases that may be a recurrence: their cause isn't known yet
        :param str text: what was counted
        :param bool is_over: whether the time, or the lots, have been reached
        """
        if unclear:
            more = self.env._("%s nonconformances without a root cause yet", unclear)
            return "running", f"{text}; {more}"
        return ("effective" if is_over else "running"), text

    def _get_recurred_text(self, cases):
        return self.env._("it came again: %s", ", ".join(cases.mapped("name")))
