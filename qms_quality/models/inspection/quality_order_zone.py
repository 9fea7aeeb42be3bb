from odoo import models


class QmsQualityOrder(models.Model):
    """The verdict sends goods on that wait in a quality zone."""

    _inherit = "qms.quality.order"

    def _validate(self):
        # before: releasing closes the holds that tell which goods were inspected
        passed = self.filtered(lambda order: order._get_verdict() == "passed")
        goods = [(passed._get_zone_quants(), True)]
        goods.append(((self - passed)._get_zone_quants(), False))
        res = super()._validate()
        for quants, verdict in goods:
            if quants:
                quants._qms_after_decision(quants, verdict)
        return res

    def _get_zone_quants(self):
        """Return the goods in quality zones that these orders hold, in sudo."""
        holds = self.env["qms.hold"]._search_open(self._name, self.ids).sudo()
        holds |= holds.child_ids.filtered(lambda hold: hold.state == "open")
        return holds._get_quants().filtered(
            lambda quant: quant.quantity > 0 and quant.location_id.qms_zone_id
        )
