from collections import defaultdict

from odoo import fields, models

from odoo.addons.qms_quality.models.number_text import format_quantity
from odoo.addons.qms_quality.models.sentinel import trusted

from .recall import DONE_STATES, RUNNING_STATES

# How many lots a warning names; all are rows of the recall.
NAMED = 10


class QmsRecallLot(models.Model):
    """What of a lot other companies delivered."""

    _inherit = "qms.recall.lot"

    elsewhere = fields.Float(
        string="Shipped by Other Companies",
        readonly=True,
        digits="Product Unit",
        aggregator=None,
        help="Delivered to their customers, less what came back. They are told by a"
        " recall of that company.",
    )
    untold = fields.Float(
        string="Not Recalled There",
        readonly=True,
        digits="Product Unit",
        aggregator=None,
        help="Of what other companies shipped: where no recall of theirs has this lot.",
    )

    def _get_gap_fields(self):
        return [*super()._get_gap_fields(), "untold"]


class QmsRecall(models.Model):
    """Other companies' customers: that company tells them, and no quantity is lost."""

    _inherit = "qms.recall"

    def _update_elsewhere(self, delivered):
        """Note what other companies delivered of each lot.

        :param list delivered: see :meth:`_query_delivered`
        """
        # sudo: only actions write the figures
        rows = trusted(self.sudo()).line_ids
        shipped = self._get_shipped_elsewhere(delivered)
        told = self._get_told_elsewhere(rows.lot_id)
        everything, untold = defaultdict(float), defaultdict(float)
        for (company, lot), quantity in shipped.items():
            everything[lot] += quantity
            untold[lot] += 0 if (company, lot) in told else quantity
        for row in rows:
            row._write_changed(
                {
                    "elsewhere": everything[row.lot_id.id],
                    "untold": untold[row.lot_id.id],
                }
            )

    def _get_shipped_elsewhere(self, delivered):
        """Return ``{(company id, lot id): quantity}`` of other companies."""
        shipped = defaultdict(float)
        for lot, company, _partner, _picking, _document, quantity, _date in delivered:
            if company != self.company_id.id:
                shipped[company, lot] += quantity
        return shipped

    def _get_told_elsewhere(self, lots):
        """Return what other companies recall: ``{(company id, lot id)}``."""
        # sudo: whether they do, not what
        groups = (
            self.env["qms.recall.lot"]
            .sudo()
            ._read_group(
                [
                    ("lot_id", "in", lots.ids),
                    ("company_id", "!=", self.company_id.id),
                    ("recall_id.kind", "=", "real"),
                    ("recall_id.state", "in", [*RUNNING_STATES, DONE_STATES[0]]),
                ],
                ["company_id", "lot_id"],
            )
        )
        return {(company.id, lot.id) for company, lot in groups}

    def _get_company_warnings(self, delivered):
        """Name other companies that delivered affected lots, and how much."""
        shipped = self._get_shipped_elsewhere(delivered)
        told = self._get_told_elsewhere(self.sudo().line_ids.lot_id)
        goods = defaultdict(list)
        for (company, lot), quantity in shipped.items():
            if quantity and (company, lot) not in told:
                goods[company].append((lot, quantity))
        # sudo: their names, and how much; neither customers nor documents
        companies = self.env["res.company"].sudo().browse(sorted(goods))
        return [
            self.env._(
                "%(company)s delivered affected goods, too: %(goods)s. Open a recall"
                " there to tell its customers.",
                company=company.name,
                goods=self._get_goods_text(goods[company.id]),
            )
            for company in companies
        ]

    def _get_goods_text(self, goods):
        lots = self.env["stock.lot"].sudo()
        texts = [
            f"{lot.product_id.display_name} {lot.name}:"
            f" {format_quantity(self.env, quantity)} {lot.product_id.uom_id.name}"
            for lot, quantity in (
                (lots.browse(lot), quantity) for lot, quantity in goods[:NAMED]
            )
        ]
        if len(goods) > NAMED:
            texts.append(self.env._("%s more lots", len(goods) - NAMED))
        return ", ".join(texts)
