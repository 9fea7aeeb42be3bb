from odoo import api, models

from ...gate.transaction import INSIDE
from ...sentinel import trusted


class QmsDeviation(models.Model):
    """Goods that came in although they depart are held until it is decided."""

    _inherit = "qms.deviation"

    def _hold_received(self, movements, whole=False):
        """Hold goods that were received, each deviation its own.

        Several departures of one lot hold it several times: accepting one frees it of
        that one only.

        :param dict movements: ``{deviation: Movement}``
        :param bool whole: hold lots wherever they are
        """
        if not self:
            return
        lots = self.env["stock.lot"]
        elsewhere = lots if whole else self._get_lots_elsewhere(movements)
        self.env["qms.hold"]._place(
            [
                deviation._prepare_hold_values(movements[deviation], elsewhere)
                for deviation in self
            ]
        )

    def _get_lots_elsewhere(self, movements):
        """Return the lots of which there is stock where these goods didn't arrive."""
        arrived = {
            (movement.lot, movement.location_dest) for movement in movements.values()
        }
        # sudo: all stock of the lots counts, whoever receives some
        quants = (
            self.env["stock.quant"]
            .sudo()
            .search(
                [
                    ("lot_id", "in", [lot.id for lot, _place in arrived if lot]),
                    ("quantity", ">", 0),
                    ("location_id.usage", "in", INSIDE),
                ]
            )
        )
        return quants.filtered(
            lambda quant: (quant.lot_id, quant.location_id) not in arrived
        ).lot_id

    def _prepare_hold_values(self, movement, elsewhere):
        """Return the values of a hold: of the lot, or of it where it arrived."""
        self.ensure_one()
        narrow = not movement.lot or movement.lot in elsewhere
        return {
            "product_id": movement.product.id,
            "lot_id": movement.lot.id,
            "location_id": movement.location_dest.id if narrow else False,
            "status_id": self.env.ref("qms_quality.status_on_hold").id,
            "reason": self._get_hold_reason(),
            "res_model": self._name,
            "res_id": self.id,
            "company_id": self.company_id.id,
        }

    def _get_hold_reason(self):
        return self.env._(
            "Departs from requirements: %(expected)s. Found: %(found)s",
            expected=self.expected,
            found=self.found,
        )

    def _free_goods(self):
        """Release what these held, and let goods that waited for them be reserved."""
        held = self.env["qms.hold"]._search_open(self._name, self.ids)
        held._release(self.env._("Deviation accepted"))
        waiting = self.filtered(lambda one: not one.move_line_id)
        # sudo: what waited for the decision is reserved, whoever decided
        moves = waiting.picking_id.move_ids | waiting.production_id.move_raw_ids
        moves = moves.sudo()
        moves.filtered(
            lambda move: move.state in ("confirmed", "partially_available")
        )._action_assign()

    @api.model
    def _hand_over_holds(self, case):
        """Let a nonconformance hold what these hold."""
        holds = self.env["qms.hold"]._search_open(self._name, self.ids)
        if holds:
            text = self.env._("Passed to %s", case.name)
            trusted(holds.sudo())._hand_over_each(dict.fromkeys(holds, case), text)
