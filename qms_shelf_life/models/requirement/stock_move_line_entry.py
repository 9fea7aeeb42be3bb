from collections import defaultdict

from odoo import api, models

from odoo.addons.qms_quality.models.gate.transaction import Goods
from odoo.addons.qms_quality.models.requirement.card.goods_facts import GoodsFacts


class StockMoveLine(models.Model):
    """What is said when the dates of a new lot are typed on its receipt."""

    _inherit = "stock.move.line"

    @api.depends("expiration_date", "qms_production_date")
    def _compute_qms_departure_text(self):
        res = super()._compute_qms_departure_text()
        typed = self.filtered(lambda line: line._qms_has_typed_dates())
        for line, text in typed._qms_get_typed_departures().items():
            line.qms_departure_text = text
        return res

    def _qms_has_typed_dates(self):
        return (
            self._origin
            and not self.lot_id
            and bool(self.lot_name)
            and self.product_id.use_expiration_date
            and self.state not in ("done", "cancel")
            and self.picking_type_id._qms_get_moment() == "both"
        )

    def _qms_get_typed_departures(self):
        """Return what departs of lots that there will be: ``{line: text}``.

        Only by their dates: nothing else can be known of them yet.
        """
        required = self.move_id._qms_get_requirements() if self else {}
        alike = defaultdict(dict)
        for line in self:
            if copies := required[line.move_id]:
                day = line.move_id._qms_get_own_day(line.move_id.date)
                alike[line.picking_id.partner_id, day][line] = copies
        texts = {}
        for (partner, day), asked in alike.items():
            facts = GoodsFacts(
                self.env,
                [line._qms_get_typed_goods() for line in asked],
                partner=partner,
                date=day,
                moves=self.browse().union(*asked).move_id,
            )
            for position, (line, copies) in enumerate(asked.items()):
                dated = copies.criterion_ids._filter_dated()
                texts[line] = dated._qms_get_unmet_words(facts.part([position]))
        return texts

    def _qms_get_typed_goods(self):
        """Return the goods of this line as they will be, as far as they are typed."""
        lot = self.env["stock.lot"].new(
            {
                "name": self.lot_name,
                "product_id": self.product_id.id,
                "expiration_date": self.expiration_date,
                "qms_production_date": self.qms_production_date,
            }
        )
        package = self.result_package_id
        return Goods(self.product_id, lot, self.location_dest_id, package)
