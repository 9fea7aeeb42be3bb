from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ...gate.transaction import Goods
from .goods_facts import GoodsFacts, Judgement

# Kinds that stock can be chosen by. The others are seen to at the transfer: goods are
# labelled, packed and certified when they are about to leave.
OF_STOCK = {"attribute", "temperature", "status", "test_group"}


class QmsCriterionMixin(models.AbstractModel):
    """Whether goods meet criteria: in Python for goods at hand, in SQL for stock."""

    _inherit = "qms.criterion.mixin"

    # -- For goods at hand -------------------------------------------------------------

    def _qms_judge(self, facts):
        """Judge goods by each of these criteria.

        :param facts: :class:`GoodsFacts` of the goods
        :return: ``{(criterion, goods): Judgement}`` for every pair
        """
        judged = {}
        for criterion in self:
            expected = criterion._get_expected_text()
            states = criterion._judge(facts)
            for goods, (state, found) in zip(facts.goods, states, strict=True):
                judged[criterion, goods] = Judgement(criterion, state, expected, found)
        return judged

    def _judge(self, facts):
        """Return for each of the goods its state and what was found, as a list.

        Each kind has its ``_judge_<kind>(facts)``.
        """
        self.ensure_one()
        # sudo: what is asked for is the same whoever asks
        return getattr(self.sudo(), f"_judge_{self.kind}")(facts)

    def _judge_each(self, facts, judge):
        """Judge goods by their lots; goods of products that have none need no lot.

        :param judge: callable(lot id) that returns (state, found)
        """
        nothing = ("met", "")
        if not any(facts.without_lots):
            return list(map(judge, facts.lot_ids))
        return [
            nothing if without else judge(lot_id)
            for lot_id, without in zip(facts.lot_ids, facts.without_lots, strict=True)
        ]

    def _qms_filter_of_stock(self):
        """Return the criteria that stock can be chosen by.

        The others are seen to at the transfer: labels, packages, certificates.
        """
        of_stock = self._get_of_stock()
        found = self.filtered(lambda criterion: criterion.kind in of_stock)
        # read together with those of other lines
        return found.with_prefetch(self._prefetch_ids)

    def _get_of_stock(self):
        return OF_STOCK

    # -- Whom goods are for ------------------------------------------------------------

    def _qms_get_asker(self, partner):
        """Return ``partner`` where stock may do for him and not for others, else none.

        :param partner: ``res.partner`` that the goods come from or go to
        """
        personal = self._get_personal() & self._get_of_stock()
        is_personal = any(criterion.kind in personal for criterion in self)
        return partner if is_personal else partner.browse()

    def _get_personal(self):
        """Return the kinds by which goods may do for one partner, not for another."""
        return {"certificate"}

    # -- For stock ---------------------------------------------------------------------

    def _qms_get_quant_domain(self, date=None, partner=None):
        """Return the domain of the stock that meets all of these criteria.

        The twin of :meth:`_qms_judge`: both give the same answer. Each kind has its
        ``_get_<kind>_domain(facts)``.

        :param date date: of posting; today if empty
        :param partner: ``res.partner`` that the goods come from or go to
        :return: ``Domain`` on ``stock.quant``
        """
        facts = GoodsFacts(self.env, [], partner, date)
        # sudo: as in _judge
        return Domain.AND(
            getattr(criterion, f"_get_{criterion.kind}_domain")(facts)
            for criterion in self.sudo()
        )

    def _get_lot_domain(self, facts, to_sql):
        """Return the domain of stock whose lot meets a condition.

        :param to_sql: callable(identifier of the lot) that returns the SQL
        """

        def with_lot(model, alias, _query):
            return SQL(
                "(CASE WHEN %(lot)s IS NULL THEN %(without)s ELSE %(meets)s END)",
                lot=SQL.identifier(alias, "lot_id"),
                without=self._get_untracked_sql(alias),
                meets=to_sql(SQL.identifier(alias, "lot_id")),
            )

        return self._get_custom_domain(facts, with_lot)

    def _get_origins_sql(self, lot):
        """Return the SQL of a lot and all it was split from: ``id``, and ``until`` when
        what was found out about it is true of this lot, too."""
        self.env["stock.lot"].flush_model(["parent_lot_id"])
        return SQL(
            """(WITH RECURSIVE origin(id, until) AS (
                    SELECT %s, 'infinity'::timestamp
                    UNION ALL
                    SELECT l.parent_lot_id, LEAST(origin.until, l.create_date)
                    FROM origin JOIN stock_lot l ON l.id = origin.id
                    WHERE l.parent_lot_id IS NOT NULL)
                SELECT id, until FROM origin)""",
            lot,
        )

    def _get_custom_domain(self, facts, to_sql):
        return Domain.custom(
            to_sql=to_sql, predicate=lambda quant: self._is_met(quant, facts)
        )

    def _get_untracked_sql(self, alias):
        return SQL(
            """EXISTS (
                   SELECT 1 FROM product_product p
                   JOIN product_template t ON t.id = p.product_tmpl_id
                   WHERE p.id = %s AND t.tracking = 'none')""",
            SQL.identifier(alias, "product_id"),
        )

    def _is_met(self, quant, facts):
        goods = Goods(
            quant.product_id, quant.lot_id, quant.location_id, quant.package_id
        )
        ((state, _found),) = self._judge(
            GoodsFacts(facts.env, [goods], facts.partner, facts.date)
        )
        return state == "met"
