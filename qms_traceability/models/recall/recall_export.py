from odoo import api, models
from odoo.exceptions import UserError

from .recall_scope import INSIDE
from .sheet import write_book

KINDS = ("fsma", "epcis", "serials")


class QmsRecall(models.Model):
    """What authorities, partners and retailers get as files."""

    _inherit = "qms.recall"

    def action_export_fsma(self):
        """Download the key data elements of each critical tracking event (FSMA 204).

        :return: action that downloads an Excel file
        :raise UserError: if the recall isn't analysed
        """
        return self._download("fsma")

    def action_export_epcis(self):
        """Download what happened to the goods as GS1 EPCIS 2.0 events (JSON-LD).

        :return: action that downloads the file
        :raise UserError: if the recall isn't analysed
        """
        return self._download("epcis")

    def action_export_serials(self):
        """Download the serial numbers that are recalled, with their batches.

        :return: action that downloads an Excel file
        :raise UserError: if the recall isn't analysed
        """
        return self._download("serials")

    def _download(self, kind):
        self.ensure_one()
        self.check_access("read")
        if not self.line_ids:
            raise UserError(
                self.env._(
                    "%s: there are no lots to tell of. Analyse it first.", self.name
                )
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/qms_traceability/recall/{self.id}/{kind}",
            "target": "download",
        }

    def _get_export(self, kind):
        """Return name, type and content of a file. The caller checked the access.

        :param str kind: one of ``KINDS``
        """
        self.ensure_one()
        # sudo: who reads a recall may hand out what it is about
        return getattr(self.sudo(), f"_get_export_{kind}")()

    # -- Common facts ------------------------------------------------------------------

    def _get_traced_lots(self):
        """Return the lots of this recall, and those they were made of."""
        roots = self.lot_ids
        found = {*self.line_ids.lot_id.ids, *self._get_reach(roots, "backward")}
        return self.env["stock.lot"].browse(sorted(found))

    def _get_event_lines(self, lots, field, usage):
        """Return the posted lines by which lots came from, or went to, a kind of place,
        the oldest first."""
        other = "location_dest_id" if field == "location_id" else "location_id"
        lines = self._find_moved(lots, field, (usage,))
        return lines.filtered(lambda line: line[other].usage in INSIDE)

    @api.model
    def _get_line_partner(self, line):
        """Return who sent or got the goods of a posted line: the very address."""
        return line.picking_id.partner_id or line.move_id.partner_id

    @api.model
    def _get_site(self, location):
        """Return the address of a place: that of its warehouse, or the company's."""
        warehouse = location.warehouse_id
        return warehouse.partner_id or location.company_id.partner_id

    @api.model
    def _get_gtin(self, product):
        """Return the GTIN of a product with 14 digits, or nothing."""
        code = product.barcode or ""
        if not (code.isascii() and code.isdigit() and len(code) in (8, 12, 13, 14)):
            return ""
        digits = [int(one) for one in code.zfill(14)]
        total = sum(
            digit * (1 if number % 2 else 3) for number, digit in enumerate(digits[:-1])
        )
        return code.zfill(14) if (total + digits[-1]) % 10 == 0 else ""

    # -- Serial numbers ----------------------------------------------------------------

    def _get_export_serials(self):
        columns = [
            (self.env._("Product"), "text"),
            (self.env._("GTIN"), "text"),
            (self.env._("Batch"), "text"),
            (self.env._("Serial Number"), "text"),
            (self.env._("Customer"), "text"),
            (self.env._("Delivery"), "text"),
            (self.env._("Date"), "date"),
        ]
        content = write_book(
            [(self.env._("Serial numbers"), columns, self._get_serial_rows())]
        )
        return f"{self._get_report_base_filename()}-serials.xlsx", "xlsx", content

    def _get_serial_rows(self):
        """Return a row for each recalled serial number and each of its deliveries."""
        rows = self.line_ids.filtered(
            lambda row: row.lot_id.product_id.tracking == "serial"
        )
        deliveries = self.customer_ids.delivery_ids.grouped("recall_lot_id")
        none = self.env["qms.recall.delivery"]
        return [
            [
                row.product_id.display_name,
                self._get_gtin(row.product_id),
                row.lot_id.qms_batch,
                row.lot_id.name,
                one.customer_id.partner_name,
                one.document,
                one.date,
            ]
            for row in rows.sorted(lambda row: (row.lot_id.qms_batch or "", row.id))
            for one in deliveries.get(row) or [none]
        ]
