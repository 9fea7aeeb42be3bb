from base64 import b64encode
from typing import NamedTuple

from odoo import models

SOURCES = (
    "quality_order_id",
    "picking_id",
    "production_id",
    "workorder_id",
    "purchase_id",
    "sale_id",
)


class GoodsTag(NamedTuple):
    """What the tag on nonconforming goods says of them."""

    product: models.BaseModel
    lot: models.BaseModel
    place: str
    quantity: float
    status: str


class QmsNonconformance(models.Model):
    """What is printed: the report of the case, and the tags for its goods."""

    _inherit = "qms.nonconformance"

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

    def _get_tags(self):
        """Return a :class:`GoodsTag` for each lot in each place that the case holds.

        Without held stock one for each lot, or one for the case.
        """
        self.ensure_one()
        # sudo: who may print a case may say where its goods are
        case = self.sudo()
        status = case.hold_status_id.name or ""
        if quants := case._get_held_quants():
            return [
                GoodsTag(
                    quant.product_id,
                    quant.lot_id,
                    quant._qms_get_place_name(),
                    quant.quantity,
                    status,
                )
                for quant in quants
            ]
        quantity = 0 if len(case.lot_ids) > 1 else case.quantity
        return [
            GoodsTag(case.product_id, lot, "", quantity, status)
            for lot in case.lot_ids or [case.lot_ids]
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

    def _get_source_names(self):
        """Return the numbers of the documents that this case comes from, as a text."""
        # sudo: who may print a case may say where it comes from
        sources = [self.sudo()[name] for name in SOURCES]
        return ", ".join(one.display_name for one in sources if one)

    def _get_printed_signatures(self):
        """Return the signatures on this case and on its dispositions."""
        return self.qms_signature_ids | self.disposition_ids.qms_signature_ids
