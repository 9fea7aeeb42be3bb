from base64 import b64encode
from typing import NamedTuple

from odoo import models


class GoodsTag(NamedTuple):
    """What the tag on nonconforming goods says of them."""

    product: models.BaseModel
    lot: models.BaseModel
    place: str
    quantity: float


class QmsNonconformance(models.Model):
    """What is printed: the report of the case, and the tags for its goods."""

    _inherit = "qms.nonconformance"

    def _get_tags(self):
        """Return a :class:`GoodsTag` for each lot in each place that the case holds.

        Without held stock one for each lot, or one for the case.
        """
        self.ensure_one()
        # sudo: who may print a case may say where its goods are
        case = self.sudo()
        quants = case._get_held_quants()
        if quants:
            return [
                GoodsTag(
                    quant.product_id,
                    quant.lot_id,
                    " · ".join(
                        name
                        for name in (
                            quant.location_id.display_name,
                            quant.package_id.name,
                        )
                        if name
                    ),
                    quant.quantity,
                )
                for quant in quants
            ]
        lots = case.lot_ids or [case.lot_ids]
        return [
            GoodsTag(case.product_id, lot, "", 0 if case.lot_ids[1:] else case.quantity)
            for lot in lots
        ]

    def _get_page_url(self):
        """Return the address of this case in Odoo."""
        self.ensure_one()
        return f"{self.get_base_url()}/odoo/{self._name}/{self.id}"

    def _get_qr_code(self):
        """Return the address of this case as an image, for ``src``."""
        image = self.env["ir.actions.report"].barcode(
            "QR", self._get_page_url(), width=240, height=240, quiet=0
        )
        return f"data:image/png;base64,{b64encode(image).decode()}"

    def action_print_report(self):
        """Print the reports of these cases.

        :return: report action
        """
        report = self.env.ref("qms_quality.action_report_nonconformance")
        return report.report_action(self)

    def action_print_tags(self):
        """Print the tags for the goods of these cases.

        :return: report action
        """
        report = self.env.ref("qms_quality.action_report_nonconformance_tag")
        return report.report_action(self)
