from collections import defaultdict

from odoo import api, models

from odoo.addons.qms_quality.models.gate.transaction import Goods
from odoo.addons.qms_quality.models.requirement.matrix.outcome import Cell, worsen


class QmsQrs(models.Model):
    """Lots and customers: what no card asks, but the product or the calendar does."""

    _inherit = "qms.qrs"

    # -- The sales minimum -------------------------------------------------------------

    @api.model
    def _judge_line(self, line, facts):
        cells = super()._judge_line(line, facts)
        if not self._asks_minimum(line):
            return cells
        for position, judgement in self._judge_minimum(facts).items():
            if judgement.state != "met":
                what = self._get_minimum_text(judgement)
                cells[position] = worsen(
                    cells[position],
                    judgement.criterion.departure,
                    (what, judgement.found),
                )
        return cells

    @api.model
    def _asks_minimum(self, line):
        """Tell whether the products' sales minimum counts beside a line of a card."""
        # sudo: a setting, for everyone
        return (
            bool(self.env.company.sudo().qms_sales_minimum)
            and (line.qrs_id.type or "sales") == "sales"
            and not line.criterion_ids._qms_asks_shelf_life()
        )

    @api.model
    def _judge_minimum(self, facts):
        """Return what the sales minimum says of goods: ``{position: Judgement}``."""
        departure = self.env.company.sudo().qms_sales_minimum
        positions = defaultdict(list)
        for position, goods in enumerate(facts.goods):
            if goods.product.use_expiration_date:
                positions[goods.product].append(position)
        judged = {}
        for product, some in positions.items():
            minimum = product._qms_get_sales_minimum(departure)
            for position in some if minimum else ():
                found = minimum._qms_judge(facts.part([position]))
                (judged[position],) = found.values()
        return judged

    @api.model
    def _get_minimum_text(self, judgement):
        return self.env._(
            "Sales minimum of the product: %(expected)s", expected=judgement.expected
        )

    @api.model
    def _prepare_matrix_criteria(self, line, facts):
        rows = super()._prepare_matrix_criteria(line, facts)
        judged = self._judge_minimum(facts) if self._asks_minimum(line) else {}
        departures = dict(
            line.criterion_ids._fields["departure"]._description_selection(self.env)
        )
        return rows + [
            {
                "id": "sales_minimum",
                "expected": self._get_minimum_text(judgement),
                "found": judgement.found,
                "state": judgement.state,
                "departure_text": departures[judgement.criterion.departure],
            }
            for judgement in judged.values()
        ]

    # -- What dates forbid -------------------------------------------------------------

    @api.model
    def _qms_matrix(self, lots, partners, date=None, location=None):
        matrix = super()._qms_matrix(lots, partners, date=date, location=location)
        for lot, reason in self._get_date_refusals(lots, date, location).items():
            what = self.env._("Allowed by its date"), reason.text
            matrix[lot] = [
                Cell("held", cell.line_id, (*cell.failing, what))
                if self._holds_for(reason, lot, partner)
                else cell
                for cell, partner in zip(matrix[lot], partners, strict=True)
            ]
        return matrix

    @api.model
    def _holds_for(self, reason, lot, partner):
        """Tell whether no decision lets a lot near its date go to a partner."""
        return reason.kind != "near" or not lot._qms_is_released(partner=partner)

    @api.model
    def _get_date_refusals(self, lots, date, location):
        """Return why dates keep lots from being delivered: ``{lot: DateReason}``.

        A lot in several warehouses is one that none of them may deliver.
        """
        dated = lots.filtered(lambda lot: lot.product_id.use_expiration_date)
        holds, package = self.env["qms.hold"], self.env["stock.package"]
        refused, free = {}, set()
        for place, some in self._get_matrix_places(dated, location):
            moment = date and place.warehouse_id._qms_get_day_start(date)
            answers = holds._qms_get_date_reasons(
                [Goods(lot.product_id, lot, place, package) for lot in some],
                ("delivery",),
                [None] * len(some),
                date=moment,
            )
            for lot, reasons in zip(some, answers, strict=True):
                blocking = [one for one in reasons if one.policy == "block"]
                refused.update((lot, one) for one in blocking)
                free.update(() if blocking else [lot])
        return {lot: reason for lot, reason in refused.items() if lot not in free}

    @api.model
    def _get_matrix_places(self, lots, location):
        """Return where lots would leave from, as pairs of a place and its lots."""
        if location or not lots:
            return [(location, lots)] if lots else []
        return [
            (warehouse.lot_stock_id, some)
            for warehouse, some in lots._qms_get_whereabouts()
        ]

    @api.model
    def _get_matrix_hold_text(self, lot, customer, place):
        held = super()._get_matrix_hold_text(lot, customer, place)
        refused = self._get_date_refusals(lot, None, place).items()
        texts = [
            reason.text
            for one, reason in refused
            if self._holds_for(reason, one, customer)
        ]
        return "; ".join(filter(None, [held, *texts]))
