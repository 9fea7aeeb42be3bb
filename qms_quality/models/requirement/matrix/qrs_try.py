from collections import Counter, defaultdict

from odoo import models
from odoo.fields import Domain

from ..card.goods_facts import GoodsFacts
from ..card.qrs_line_find import Finder

# The lines of orders that each type of card is about, as long as they are open.
OPEN_LINES = {
    "sales": [("sale.order.line", [("state", "in", ("draft", "sent", "sale"))])],
    "purchase": [
        (
            "purchase.order.line",
            [("state", "in", ("draft", "sent", "to approve", "purchase"))],
        )
    ],
    "production": [
        (
            "mrp.production",
            [("state", "in", ("draft", "confirmed", "progress", "to_close"))],
        ),
        (
            "stock.move",
            [
                ("raw_material_production_id", "!=", False),
                ("state", "not in", ("done", "cancel")),
            ],
        ),
    ],
}
# Their goods come from stock; those of the others come in.
FROM_STOCK = ("sale.order.line", "stock.move")


class QmsQrs(models.Model):
    """What would happen if a card were active: which lots and which orders fail."""

    _inherit = "qms.qrs"

    def action_try(self):
        """Open what this card would do to stock and open orders. Nothing changes.

        :raise AccessError: if the user is no QRS administrator
        """
        self.ensure_one()
        self._check_administrator()
        return self.env["qms.qrs.try"]._open(self)

    def _try(self):
        """Judge stock and open orders by this card, in a constant number of queries.

        :return: :class:`Trial`
        """
        self.ensure_one()
        # sudo: the administrator sees what orders lack, whatever he may read
        card = self.sudo()
        lots = card.env["stock.lot"]
        domain = lots._qms_get_placed_domain(card.location_id)
        domain &= Domain("product_id", "any", card.line_ids._get_product_domain())
        return Trial(card, lots._qms_get_stock(domain), card._get_asking_lines())

    def _get_asking_lines(self):
        """Return ``[(line of an order, its demand, the line of this card)]``."""
        lines = [
            line
            for model, domain in OPEN_LINES[self.type]
            for line in self.env[model].search(self._get_open_domain(model, domain))
            if line._qms_get_open_quantity() > 0
        ]
        demands = [line._qms_get_demand() for line in lines]
        asked = [
            (line, demand)
            for line, demand in zip(lines, demands, strict=True)
            if demand
        ]
        found = self._get_rival_lines(asked)._find_among([one for _, one in asked])
        return [
            (line, demand, of_card)
            for (line, demand), of_card in zip(asked, found, strict=True)
            if of_card in self.line_ids
        ]

    def _get_open_domain(self, model, domain):
        domain = Domain(domain)
        domain &= Domain("product_id", "any", self.line_ids._get_product_domain())
        companies = self.company_id or self.env.companies
        domain &= Domain("company_id", "in", companies.ids)
        if self.type != "production":
            partner = "order_id.partner_id.commercial_partner_id"
            domain &= Domain(partner, "in", self.partner_ids.ids)
        return domain

    def _get_rival_lines(self, asked):
        """Return the lines that would be active with this card, its own among them."""
        lines = self.env["qms.qrs.line"]
        if asked:
            domain = lines._get_find_domain([demand for _line, demand in asked])
            others = Domain("qrs_id", "not in", self._get_versions().ids)
            lines = lines.search(domain & others)
        return lines | self.line_ids


class Trial:
    """Stock and open orders, judged by one card.

    :param card: ``qms.qrs``, in sudo
    :param dict stock: ``{lot: (quantity, free quantity)}``
    :param list asking: of (line of an order, demand, line of the card)
    """

    def __init__(self, card, stock, asking):
        self.env = card.env
        self.card = card
        self.stock = stock
        self.asking = asking
        self.entered = {line: _get_entered(line) for line, *_rest in asking}
        self.lots = card.env["stock.lot"].union(*stock, *self.entered.values())
        self.positions = {lot: number for number, lot in enumerate(self.lots)}
        self.by_product = defaultdict(list)
        for lot in self.lots:
            self.by_product[lot.product_id].append(self.positions[lot])
        goods = list(map(card._as_goods, self.lots))
        partners = card.partner_ids.union(*(demand.partner for _, demand, _ in asking))
        self.facts = GoodsFacts(self.env, goods, partners=partners)
        self.judged = {}

    def judge(self, line, product, partner):
        """Return ``{lot: Cell}`` of the lots of a product by a line of the card."""
        partner = line.criterion_ids._qms_get_asker(partner)
        key = line, product, partner
        if key not in self.judged:
            positions = self.by_product.get(product, [])
            cells = self.card._judge_line(line, self.facts.part(positions, partner))
            lots = (self.lots[position] for position in positions)
            self.judged[key] = dict(zip(lots, cells, strict=True))
        return self.judged[key]

    def judge_stock(self):
        """Return ``{lot: Cell}`` of what lies in stock, whoever it would be for."""
        by_target = {line._get_target(): line for line in self.card.line_ids}
        finder = Finder(self.env)
        judged = {}
        # of several partners nobody knows which it will be
        partners = self.card.partner_ids
        partner = partners if len(partners) == 1 else partners.browse()
        for product in self.by_product:
            line = finder.find_target(by_target, product)
            cells = self.judge(line, product, partner) if line else {}
            for lot, cell in cells.items():
                if lot in self.stock:
                    judged[lot] = cell
        return judged

    def judge_orders(self):
        """Return for each line of an order that asks a dict of what was found."""
        return [self._judge_order(*one) for one in self.asking]

    def _judge_order(self, line, demand, of_card):
        cells = self.judge(of_card, demand.product, demand.partner)
        open_quantity = line._qms_get_open_quantity()
        meets = sum(
            self.stock[lot][0]
            for lot, cell in cells.items()
            if lot in self.stock and cell.outcome in ("met", "recorded")
        )
        wrong = {
            lot: cells[lot]
            for lot in self.entered[line]
            if lot in cells and cells[lot].outcome not in ("met", "recorded")
        }
        is_tracked = demand.product.tracking != "none"
        is_short = is_tracked and line._name in FROM_STOCK and meets < open_quantity
        return {
            "line": line,
            "demand": demand,
            "of_card": of_card,
            "open": open_quantity,
            "meets": meets,
            "wrong": wrong,
            "is_short": is_short,
            "failing": self._count_failing(cells) if is_short else {},
        }

    def _count_failing(self, cells):
        """Return ``{criterion id or text: quantity in stock that doesn't meet it}``."""
        failing = Counter()
        for lot, cell in cells.items():
            for what, _found in cell.failing:
                failing[what] += self.stock.get(lot, (0.0,))[0]
        return failing


def _get_entered(line):
    """Return the lots that are reserved or entered for a line of an order already."""
    moves = {
        "sale.order.line": lambda: line.move_ids,
        "purchase.order.line": lambda: line.move_ids,
        "mrp.production": lambda: line.move_finished_ids,
        "stock.move": lambda: line,
    }[line._name]()
    is_open = moves.filtered(lambda move: move.state not in ("done", "cancel"))
    return is_open.move_line_ids.lot_id
