from odoo import models


class QmsNonconformance(models.Model):
    """The goods that a case holds."""

    _inherit = "qms.nonconformance"

    def _get_open_holds(self):
        """Return the open holds of these cases, with what they extend to, in sudo."""
        holds = self.env["qms.hold"]._search_open(self._name, self.ids).sudo()
        return holds | holds.child_ids.filtered(lambda hold: hold.state == "open")

    def _get_held_quants(self):
        """Return the stock that these cases hold, inside and in transit, in sudo."""
        quants = self._get_open_holds()._get_quants()
        return quants.filtered(
            lambda quant: (
                quant.quantity > 0
                and quant.location_id.usage in ("internal", "transit")
            )
        )

    def _hold_goods(self, lots=None):
        """Hold the goods of these cases that they don't hold yet.

        :param lots: ``stock.lot``, only these; all that the cases are about, if empty
        """
        holding = self.filtered("hold_goods")
        if not holding:
            return
        status = self.env.ref("qms_quality.status_on_hold")
        present = {
            (hold.res_id, *hold._get_goods_key()) for hold in holding._get_open_holds()
        }
        self.env["qms.hold"]._place(
            [
                {**case._prepare_hold_values(status), **goods}
                for case in holding
                for goods in case._get_goods()
                if (case.id, *_get_key(goods)) not in present
                and (not lots or goods.get("lot_id") in lots.ids)
            ]
        )

    def _get_goods(self):
        """Return what this case is about, as values of ``qms.hold``: its lots,
        wherever they are. Extension point."""
        self.ensure_one()
        return [
            {"product_id": lot.product_id.id, "lot_id": lot.id} for lot in self.lot_ids
        ]

    def _prepare_hold_values(self, status):
        """Return the values of a hold by this case, without its goods.

        :param status: ``qms.inspection.status`` to hold in
        """
        self.ensure_one()
        return {
            "status_id": status.id,
            "reason": self.subject,
            "res_model": self._name,
            "res_id": self.id,
            "company_id": self.company_id.id,
        }

    def _release_empty(self):
        """Release the holds of these cases where they cover no goods any more."""
        holds = self._get_open_holds()
        goods = self._get_held_quants()._qms_get_goods()
        used = holds.browse().union(*holds._match_goods(goods))
        (holds._get_roots() - used._get_roots())._end_by_hand_over(
            self.env._("No goods are left")
        )


def _get_key(goods):
    """Return what values of a hold cover, as ``_get_goods_key`` of a hold does."""
    names = ("product_id", "lot_id", "location_id", "package_id")
    return tuple(goods.get(name) or False for name in names)
