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
        asked = {line: required[line.move_id] for line in self}
        asked = {line: copies for line, copies in asked.items() if copies}
        lines = self.browse([line.id for line in asked])
        moves = lines.move_id
        facts = GoodsFacts(
            self.env,
            [line._qms_get_typed_goods() for line in asked],
            partner=moves.picking_id.partner_id[:1],
            date=moves and moves[:1]._qms_get_own_day(moves[:1].date),
            moves=moves,
        )
        texts = {}
        for position, (line, copies) in enumerate(asked.items()):
            dated = copies.criterion_ids._filter_dated()
            judged = dated._qms_judge(facts.part([position]))
            texts[line] = "; ".join(
                f"{one.expected} ({one.found})"
                for one in judged.values()
                if one.state != "met"
            )
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
