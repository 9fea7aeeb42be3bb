from collections import defaultdict

from odoo import models

from ..card.goods_facts import GoodsFacts


class QmsQrsDocumentLine(models.Model):
    """What keeps goods at hand from being taken for order lines."""

    _inherit = "qms.qrs.document.line"

    def _qms_judge_goods(self, asked, date=None, *, posting=None, recorded=False):
        """Return which criteria keep goods from being taken.

        The twin of :meth:`_qms_get_strict_domain`. The number of queries doesn't grow
        with the goods, nor with the order lines.

        :param list asked: of ``(order lines' requirements, Goods)``, the former some of
            ``self`` or empty
        :param date date: when the goods will move; today if empty
        :param posting: ``stock.move`` that post the goods, which must then meet what is
            seen to at the transfer, too: packages, labels, certificates
        :param bool recorded: also judge by what refuses nothing
        :return: for each of ``asked`` a list of :class:`Judgement` that are not met
        """
        self._qms_read_together()
        judged = self._qms_judge_all(asked, date, posting, recorded)
        accepted = self._qms_get_accepted()
        return [
            [
                judgement
                for judgement in judged[copies].get(goods, ())
                if judgement.state != "met"
                and (goods.product.id, goods.lot.id)
                not in accepted.get(judgement.criterion, ())
            ]
            for copies, goods in asked
        ]

    def _qms_judge_all(self, asked, date, posting, recorded):
        """Return ``{requirements: {goods: [Judgement]}}``."""
        goods_of = defaultdict(dict)
        for copies, goods in asked:
            goods_of[copies][goods] = None
        facts = self._qms_get_facts(goods_of, date, posting)
        judged = {copies: defaultdict(list) for copies in goods_of}
        for copies, goods in goods_of.items():
            criteria = copies.criterion_ids if recorded else copies._qms_get_strict()
            if posting is None:
                criteria = criteria._qms_filter_of_stock()
            for partner, some in criteria.grouped(
                lambda one: one.line_id.partner_id
            ).items():
                answers = some._qms_judge(facts[partner].part_of(goods))
                for (_criterion, one), judgement in answers.items():
                    judged[copies][one].append(judgement)
        return judged

    def _qms_get_facts(self, goods_of, date, posting):
        """Return the facts of all goods, for each partner that they are for."""
        by_partner = defaultdict(dict)
        for copies, goods in goods_of.items():
            for partner in {copy.partner_id for copy in copies}:
                by_partner[partner].update(goods)
        return {
            partner: GoodsFacts(
                self.env, goods, partner=partner, date=date, moves=posting
            )
            for partner, goods in by_partner.items()
        }
