from collections import defaultdict
from itertools import product as pairs

from odoo import api, models

from ...gate.transaction import Goods
from ..card.goods_facts import GoodsFacts
from ..card.qrs_line_find import Demand
from .outcome import Cell, judge_line


class QmsQrs(models.Model):
    """Which lot meets what which customer demands."""

    _inherit = "qms.qrs"

    @api.model
    def _qms_matrix(self, lots, partners, date=None, location=None):
        """Judge each of ``lots`` by what each of ``partners`` demands of it.

        What is seen to at the transfer isn't asked: certificates, packages, labels.
        Lots that are held for deliveries can go to nobody. A constant number of
        queries.

        :param lots: ``stock.lot``
        :param partners: ``res.partner``, customers; a contact counts as its company
        :param date date: on which they would be delivered; today if empty
        :param location: ``stock.location`` that they would leave from
        :return: ``{lot: [Cell]}``, a cell for each partner in their order
        """
        lots = lots.with_prefetch(lots._ids)
        goods = list(map(self._as_goods, lots))
        facts = GoodsFacts(self.env, goods, date=date, partners=partners)
        by_product = defaultdict(list)
        for position, lot in enumerate(lots):
            by_product[lot.product_id].append(position)
        columns = self._get_columns(by_product, partners, facts, location)
        rows = zip(*columns, strict=True) if partners else ([] for _lot in lots)
        return {
            lot: self._hold_row(row, holds, partners)
            for lot, row, holds in zip(lots, rows, facts.holds, strict=True)
        }

    def _as_goods(self, lot):
        """Return a lot as goods, wherever it lies."""
        no_place, no_package = self.env["stock.location"], self.env["stock.package"]
        return Goods(lot.product_id, lot, no_place, no_package)

    @api.model
    def _get_columns(self, by_product, partners, facts, location):
        """Return for each of ``partners`` a list with a cell for each of the goods."""
        lines = self._find_lines(by_product, partners, facts.date, location)
        judged = self._judge_lines(lines, by_product, facts)
        columns = []
        for partner in partners:
            column = {}
            for product, positions in by_product.items():
                line = lines[product, partner]
                cells = judged[line, line.criterion_ids._qms_get_asker(partner)]
                column.update((position, cells[position]) for position in positions)
            columns.append([column[position] for position in range(len(facts.goods))])
        return columns

    @api.model
    def _judge_lines(self, lines, by_product, facts):
        """Return ``{(line, partner): {position: Cell}}`` of each line's products.

        The partner is empty where the line says the same of all.
        """
        products = defaultdict(set)
        for (product, partner), line in lines.items():
            asker = line.criterion_ids._qms_get_asker(partner)
            products[line, asker].add(product)
        judged = {}
        for (line, partner), about in products.items():
            positions = sorted(one for product in about for one in by_product[product])
            cells = self._judge_line(line, facts.part(positions, partner))
            judged[line, partner] = dict(zip(positions, cells, strict=True))
        return judged

    @api.model
    def _judge_line(self, line, facts):
        """Return a :class:`Cell` for each of the goods. Extension point.

        :param line: ``qms.qrs.line``, empty where no card says anything
        :param facts: ``GoodsFacts``
        """
        return judge_line(line, facts)

    @api.model
    def _find_lines(self, products, partners, date, location, type="sales"):
        """Return ``{(product, partner): line}`` of the cards that apply."""
        company = self.env.company
        wanted = list(pairs(products, partners))
        lines = self.env["qms.qrs.line"]._qms_find(
            [
                Demand(type, product, partner, location, date, company)
                for product, partner in wanted
            ]
        )
        return dict(zip(wanted, lines, strict=True))

    @api.model
    def _hold_row(self, row, holds, partners):
        """Return the row of a lot; nobody gets it while it is held."""
        if not holds:
            return list(row)
        return [
            Cell("held", cell.line_id, cell.failing)
            if holds._block_delivery(partner)
            else cell
            for cell, partner in zip(row, partners, strict=True)
        ]


class QmsHold(models.Model):
    _inherit = "qms.hold"

    def _block_delivery(self, partner):
        """Tell whether these holds keep goods from being delivered to a partner."""
        return any(hold._get_policy(("delivery",), partner) == "block" for hold in self)
