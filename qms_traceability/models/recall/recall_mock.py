import random
from secrets import randbelow

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.qms_quality.models.sentinel import trusted, untrusted

TODO = "mail.mail_activity_data_todo"
RESULT = "qms_traceability.mail_template_mock_recall"


class QmsRecall(models.Model):
    """Mock recalls: how fast, completely and unambiguously goods are found.

    A lot counts as complete if its ledger adds up, each supplier, customer and what it
    was made of is known; as unambiguous if no goods without a lot went into it or came
    out of it.
    """

    _inherit = "qms.recall"

    mock_seed = fields.Char(
        string="Seed",
        readonly=True,
        copy=False,
        help="The same seed draws the same lot from the same candidates.",
    )
    mock_candidates = fields.Integer(
        string="Drawn from",
        readonly=True,
        copy=False,
        aggregator=None,
        help="How many lots could have been drawn: those that were delivered or made.",
    )
    mock_minutes = fields.Float(
        string="Minutes",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="From the order to trace to the complete answer.",
    )
    mock_lots = fields.Integer(
        string="Lots Traced",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Back to suppliers and forward to customers.",
    )
    mock_complete = fields.Float(
        string="Complete", readonly=True, copy=False, aggregator="avg"
    )
    mock_unambiguous = fields.Float(
        string="Unambiguous", readonly=True, copy=False, aggregator="avg"
    )
    mock_result = fields.Selection(
        [("passed", "Passed"), ("failed", "Failed")],
        string="Result",
        readonly=True,
        copy=False,
        help="Passed: everything is complete and unambiguous, in the time that the"
        " settings give.",
    )

    @api.model
    def _get_action_fields(self):
        return super()._get_action_fields() | {
            "mock_seed",
            "mock_candidates",
            "mock_minutes",
            "mock_lots",
            "mock_complete",
            "mock_unambiguous",
            "mock_result",
        }

    # -- Measuring ---------------------------------------------------------------------

    def _measure(self, seconds):
        res = super()._measure(seconds)
        for recall in self.filtered(lambda one: one.kind == "mock"):
            incomplete, uncertain = recall._find_faults()
            count = recall._get_traced_count()
            minutes = seconds / 60 if recall.mock_seed else recall._get_minutes()
            faultless = not incomplete and not uncertain
            limit = recall.company_id.qms_mock_recall_minutes
            trusted(recall).write(
                {
                    "mock_minutes": minutes,
                    "mock_lots": count,
                    "mock_complete": 1 - len(incomplete) / count,
                    "mock_unambiguous": 1 - len(uncertain) / count,
                    "mock_result": "passed"
                    if faultless and minutes <= limit
                    else "failed",
                    "warning_text": "\n".join(
                        recall._get_fault_texts(incomplete, uncertain)
                    ),
                }
            )
        return res

    def _get_minutes(self):
        """Return how long people took: since they opened the mock recall."""
        spent = fields.Datetime.now() - self.date_opened
        return spent.total_seconds() / 60

    def _get_traced(self):
        """Return all lots that are traced, back and forward, in sudo."""
        roots = self.sudo().lot_ids
        found = {*self._get_reach(roots), *self._get_reach(roots, "backward")}
        return self.env["stock.lot"].sudo().browse(sorted(found))

    def _get_traced_count(self):
        return len(self._get_traced())

    def _find_faults(self):
        """Return the lots whose trace is incomplete, and those that are uncertain."""
        self.ensure_one()
        lots = self._get_traced()
        ledger = self._read_ledger(lots)
        row = self.env["qms.recall.lot"]
        gaps = {
            lot.id
            for lot in lots
            if lot.product_id.uom_id.compare(row._get_ledger_gap(ledger[lot.id]), 0)
        }
        unknown = {
            lot
            for lot, _company, partner, *_more in (
                *self._query_delivered(lots),
                *self._query_received(lots),
            )
            if not partner
        }
        links = self._get_links(lots)
        made = set(links.to_lot_id.ids)
        sourceless = {
            lot.id
            for lot in lots
            if ledger[lot.id]["produced"] > 0 and lot.id not in made
        }
        doubtful = links.filtered("uncertain")
        uncertain = {*doubtful.from_lot_id.ids, *doubtful.to_lot_id.ids} & set(lots.ids)
        return (
            lots.browse(sorted(gaps | unknown | sourceless)),
            lots.browse(sorted(uncertain)),
        )

    def _get_links(self, lots):
        links = self.env["qms.lot.link"].sudo()
        near = Domain("from_lot_id", "in", lots.ids) | Domain(
            "to_lot_id", "in", lots.ids
        )
        return links.search(near & links._get_valid_domain())

    def _get_fault_texts(self, incomplete, uncertain):
        return [
            text
            for text in (
                self.warning_text,
                incomplete
                and self.env._(
                    "The trace is incomplete of: %s.",
                    ", ".join(incomplete.mapped("name")),
                ),
                uncertain
                and self.env._(
                    "Goods without a lot took part in: %s.",
                    ", ".join(uncertain.mapped("name")),
                ),
            )
            if text
        ]

    # -- Scheduled ---------------------------------------------------------------------

    @api.model
    def _cron_mock(self):
        """Run a mock recall in each company that wants them, and tell its owner."""
        companies = self.env["res.company"].search([("qms_mock_recall", "=", True)])
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(companies))
        for company in companies:
            self.with_company(company)._mock(company)
            if not progress(1):
                return

    @api.model
    def _mock(self, company, seed=None):
        """Draw a lot, trace it, measure and tell the owner.

        :param company: ``res.company``
        :param str seed: to draw the same lot once more; a new one, if empty
        :return: ``qms.recall``, or none where no lot can be drawn
        """
        candidates = self._get_mock_candidates(company)
        if not candidates:
            return self.browse()
        seed = seed or f"{randbelow(10**12):012d}"
        # no secret hangs on it: the seed is recorded so that all can draw it again
        lot = candidates[random.Random(seed).randrange(len(candidates))]  # noqa: S311
        owner = company.sudo().qms_mock_recall_user_id
        recall = trusted(self.sudo()).create(
            {
                "subject": self.env._("Mock recall of %s", lot.display_name),
                "kind": "mock",
                "lot_ids": [(6, 0, lot.ids)],
                "user_id": owner.id,
                "company_id": company.id,
                "mock_seed": seed,
                "mock_candidates": len(candidates),
            }
        )
        recall = untrusted(recall)
        recall._analyse()
        recall._tell_owner()
        return recall

    @api.model
    def _get_mock_candidates(self, company):
        """Return the lots that can be drawn, in the order of their ids: those of the
        company that were delivered or made."""
        lines = self.env["stock.move.line"].sudo()
        moved = lines._read_group(
            [
                ("company_id", "=", company.id),
                ("state", "=", "done"),
                ("lot_id", "!=", False),
                "|",
                ("location_dest_id.usage", "=", "customer"),
                ("location_id.usage", "=", "production"),
            ],
            ["lot_id"],
        )
        return (
            self.env["stock.lot"].sudo().union(*(lot for (lot,) in moved)).sorted("id")
        )

    def _tell_owner(self):
        """Mail the result to the owner of the mock recalls, and ask him to look."""
        self.ensure_one()
        if not self.user_id:
            return
        source = self.with_context(lang=self.user_id.lang)
        source.activity_schedule(
            TODO,
            user_id=self.user_id.id,
            summary=source.env._("Look at the result of the mock recall"),
        )
        if self.user_id.email:
            template = self.env.ref(RESULT)
            template.send_mail(self.id)
