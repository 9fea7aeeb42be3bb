from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

# Departures that keep goods from leaving; the others are only recorded.
STRICT = ("blocked", "approval")


class QmsQrsDocumentLine(models.Model):
    """Which goods order lines take from stock, and which of them first.

    Goods for several order lines must meet them all.
    """

    _inherit = "qms.qrs.document.line"

    def _qms_read_together(self):
        """Read what these order lines ask for at once, before each is looked at."""
        criteria = self.criterion_ids
        criteria.fetch(
            [
                name
                for name, field in criteria._fields.items()
                if field.store and (field.prefetch or field.type == "many2many")
            ]
        )

    def _qms_get_strict(self):
        """Return the criteria that goods must meet, none where they are ignored."""
        heeded = self.filtered(lambda copy: not copy.is_ignored)
        return heeded.criterion_ids.filtered(lambda one: one.departure in STRICT)

    def _qms_get_strict_domain(self, date=None):
        """Return the domain of the quants that may be taken.

        :param date date: when they will move; today if empty
        """
        accepted = self._qms_get_accepted()
        return Domain.AND(
            one._qms_get_own_domain(date)
            | self._qms_get_accepted_domain(accepted.get(one, ()))
            for one in self._qms_get_strict()._qms_filter_of_stock()
        )

    def _qms_get_preferred_domain(self, date=None):
        """Return the domain of the quants to take first, None where all are alike.

        What meets everything goes before what was accepted, or is only recorded.

        :param date date: when they will move; today if empty
        """
        accepted = self._qms_get_accepted()
        enforced = self._qms_get_strict().filtered(lambda one: one not in accepted)
        wanted = (self.criterion_ids - enforced)._qms_filter_of_stock()
        return wanted._qms_get_own_domain(date) if wanted else None

    @api.model
    def _qms_get_accepted_domain(self, goods):
        """Return the domain of the quants of goods of :meth:`_qms_get_accepted`."""
        lots = [lot_id for _product_id, lot_id in goods if lot_id]
        others = [product_id for product_id, lot_id in goods if not lot_id]
        return Domain("lot_id", "in", lots) | (
            Domain("lot_id", "=", False) & Domain("product_id", "in", others)
        )

    def _qms_get_accepted(self):
        """Return of which goods departures were accepted. The latest decision counts.

        :return: ``{qms.qrs.document.criterion: {(product id, lot id)}}``, the latter
            False for goods without lots
        """
        asking = self.criterion_ids.filtered(lambda one: one.departure == "approval")
        if not asking:
            return {}
        # sudo: a decision counts for those who may not read it, too
        deviations = self.env["qms.deviation"].sudo()
        decided = deviations.search(
            [("criterion_id", "in", asking.ids), ("decision", "!=", False)],
            order="date_decided, id",
        )
        latest = {
            (one.criterion_id, one.product_id.id, one.lot_id.id): one for one in decided
        }
        accepted = defaultdict(set)
        for (criterion, *goods), deviation in latest.items():
            if deviation.decision == "accepted":
                accepted[criterion].add(tuple(goods))
        return dict(accepted)
