import io
import json

from openpyxl import load_workbook

from odoo.tests import tagged

from .common_recall import CASES, CUSTOMERS, GTIN, RecallCase

DRESSING = f"https://id.gs1.org/01/{GTIN.zfill(14)}/10/SD-2026-0315"


@tagged("post_install", "-at_install")
class TestRecallExport(RecallCase):
    """What authorities, partners and retailers get."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier_x.write({"phone": "+32 9 123", "street": "Kaai 1", "zip": "9000"})

    def _load(self, recall, kind):
        name, _type, content = recall._get_export(kind)
        self.assertTrue(name.startswith(recall.name.replace("/", "-")))
        return load_workbook(io.BytesIO(content))

    def _read(self, sheet):
        head, *rows = sheet.iter_rows(values_only=True)
        return [dict(zip(head, row, strict=True)) for row in rows]

    def test_fsma(self):
        """21 CFR 1.1345, 1.1350, 1.1340: each event is a sheet that can be sorted."""
        book = self._load(self._analysed([self.dressing]), "fsma")
        self.assertEqual(book.sheetnames, ["Receiving", "Transformation", "Shipping"])
        for sheet in book:
            self.assertTrue(sheet.auto_filter.ref)
            self.assertFalse(sheet.merged_cells.ranges)
        received = {
            row["Traceability lot code"]: row for row in self._read(book.worksheets[0])
        }
        self.assertEqual(set(received), {"INGred-01", "OIL-7"})
        row = received["INGred-01"]
        self.assertEqual(row["Quantity"], 600)
        self.assertEqual(row["Unit of measure"], "Units")
        self.assertEqual(row["Product description"], "Mustard seed")
        self.assertEqual(
            row["Immediate previous source"],
            "Supplier X, +32 9 123, Kaai 1, Ghent, 9000",
        )
        self.assertEqual(
            row["Traceability lot code source"], row["Immediate previous source"]
        )
        self.assertIn(self.company.name, row["Received at"])
        self.assertTrue(row["Date received"])
        self.assertTrue(row["Reference document type"])
        self.assertTrue(row["Reference document number"])
        made = {
            row["Lot code of food used"]: row for row in self._read(book.worksheets[1])
        }
        self.assertEqual(set(made), {"INGred-01", "OIL-7"})
        row = made["INGred-01"]
        self.assertEqual((row["Quantity used"], row["Quantity produced"]), (325, 650))
        self.assertEqual(row["New traceability lot code"], "SD-2026-0315")
        self.assertIn(self.company.name, row["Transformed at (lot code source)"])
        self.assertTrue(row["Date completed"])
        shipped = self._read(book.worksheets[2])
        self.assertEqual(len(shipped), CUSTOMERS)
        self.assertEqual({row["Quantity"] for row in shipped}, {50})
        self.assertEqual({row["GTIN"] for row in shipped}, {GTIN})
        self.assertIn("Market 01, Ghent", shipped[0]["Immediate subsequent recipient"])
        self.assertIn(self.company.name, shipped[0]["Shipped from"])
        self.assertIn(self.company.name, shipped[0]["Traceability lot code source"])

    def test_each_key_data_element(self):
        """All that 1.1345(a), 1.1350(a) and 1.1340(a) list, each with its value."""
        recall = self._analysed([self.dressing])
        book = self._load(recall, "fsma")
        receipt = self.env["stock.move.line"].search(
            [
                ("lot_id", "=", self.ingredient.id),
                ("location_id", "=", self.supplier.id),
            ]
        )
        site = self.env["qms.recall"]._describe(
            self.warehouse.partner_id or self.company.partner_id
        )
        supplier = "Supplier X, +32 9 123, Kaai 1, Ghent, 9000"
        received = {
            row["Traceability lot code"]: row for row in self._read(book.worksheets[0])
        }["INGred-01"]
        self.assertEqual(
            received,
            {
                "Traceability lot code": "INGred-01",
                "Quantity": 600,
                "Unit of measure": "Units",
                "Product description": "Mustard seed",
                "GTIN": "",
                "Immediate previous source": supplier,
                "Received at": site,
                "Date received": receipt.date,
                "Traceability lot code source": supplier,
                "Reference document type": receipt.picking_id.picking_type_id.name,
                "Reference document number": receipt.picking_id.name,
            },
        )
        order = self.env["mrp.production"].search(
            [("lot_producing_ids", "=", self.dressing.id)]
        )
        made = {
            row["Lot code of food used"]: row for row in self._read(book.worksheets[1])
        }["INGred-01"]
        self.assertEqual(
            made,
            {
                "Lot code of food used": "INGred-01",
                "Food used": "Mustard seed",
                "Quantity used": 325,
                "Unit used": "Units",
                "New traceability lot code": "SD-2026-0315",
                "Food produced": "Salad dressing",
                "Quantity produced": 650,
                "Unit produced": "Units",
                "Transformed at (lot code source)": site,
                "Date completed": order.move_finished_ids.move_line_ids.date,
                "Reference document type": "Production",
                "Reference document number": order.name,
            },
        )
        delivery = self.deliveries[0]
        shipped = {
            row["Reference document number"]: row
            for row in self._read(book.worksheets[2])
        }[delivery.name]
        self.assertEqual(
            shipped,
            {
                "Traceability lot code": "SD-2026-0315",
                "Quantity": CASES,
                "Unit of measure": "Units",
                "Product description": "Salad dressing",
                "GTIN": GTIN.zfill(14),
                "Shipped from": site,
                "Immediate subsequent recipient": "Market 01, Ghent",
                "Date shipped": delivery.move_line_ids.date,
                "Traceability lot code source": site,
                "Reference document type": delivery.picking_type_id.name,
                "Reference document number": delivery.name,
            },
        )

    def test_texts_are_no_formulas(self):
        self.ingredient.sudo().name = "=1+1"
        book = self._load(self._analysed(), "fsma")
        cell = book.worksheets[0].cell(2, 1)
        self.assertEqual((cell.value, cell.data_type), ("=1+1", "s"))

    def test_epcis(self):
        recall = self._contained()
        name, _type, content = recall._get_export("epcis")
        self.assertTrue(name.endswith("-epcis.jsonld"))
        document = json.loads(content)
        self.assertEqual(document["type"], "EPCISDocument")
        self.assertEqual(document["schemaVersion"], "2.0")
        self.assertIn("epcis-context.jsonld", document["@context"][0])
        self.assertRegex(document["creationDate"], r"^\d{4}-\d\d-\d\dT.*[+-]\d\d:\d\d$")
        events = document["epcisBody"]["eventList"]
        steps = [event["bizStep"] for event in events]
        self.assertEqual(steps.count("receiving"), 1)
        self.assertEqual(steps.count("commissioning"), 1)
        self.assertEqual(steps.count("shipping"), CUSTOMERS)
        self.assertEqual(steps.count("holding"), 1)
        for event in events:
            self._check_event(event)
        made = next(one for one in events if one["type"] == "TransformationEvent")
        self.assertEqual(
            made["outputQuantityList"], [{"epcClass": DRESSING, "quantity": 650}]
        )
        used = {
            one["epcClass"].rsplit("/")[-1]: one for one in made["inputQuantityList"]
        }
        self.assertEqual(used["INGred-01"]["quantity"], 325)
        held = next(one for one in events if one["bizStep"] == "holding")
        self.assertEqual(held["disposition"], "recalled")
        # the same event has the same name in the next file
        again = json.loads(recall._get_export("epcis")[2])["epcisBody"]["eventList"]
        self.assertEqual(
            {one["eventID"] for one in events}, {one["eventID"] for one in again}
        )
        self.assertEqual(len({one["eventID"] for one in events}), len(events))

    def _check_event(self, event):
        """Check what EPCIS 2.0 asks of every event."""
        self.assertRegex(event["eventTime"], r"T\d\d:\d\d:\d\d[+-]\d\d:\d\d$")
        self.assertRegex(event["eventTimeZoneOffset"], r"^[+-]\d\d:\d\d$")
        self.assertRegex(event["eventID"], r"^urn:uuid:[0-9a-f-]{36}$")
        lists = [event[name] for name in event if name.endswith("uantityList")]
        lists += [event[name] for name in event if name.lower().endswith("epclist")]
        self.assertTrue(lists)
        for one in (goods for goods in lists for goods in goods):
            uri = one["epcClass"] if isinstance(one, dict) else one
            self.assertRegex(uri, r"^https?://\S+$")
        if event["type"] == "ObjectEvent":
            self.assertEqual(event["action"], "OBSERVE")
            self.assertIn("id", event["readPoint"])

    def test_serials_of_a_batch(self):
        device = self._make_product("Pump", tracking="serial", barcode="4006381333931")
        serials = self.env["stock.lot"]
        for number in range(3):
            serials |= self._receive_serial(device, f"P-{number}")
        serials.qms_batch = "Batch 7"
        delivery = self._deliver(self.customers[0], serials[1], 1)
        recall = self._analysed(serials)
        book = self._load(recall, "serials")
        rows = self._read(book.active)
        self.assertEqual([row["Serial Number"] for row in rows], ["P-0", "P-1", "P-2"])
        self.assertEqual({row["Batch"] for row in rows}, {"Batch 7"})
        self.assertEqual({row["GTIN"] for row in rows}, {"04006381333931"})
        self.assertEqual(
            [(row["Customer"], row["Delivery"]) for row in rows],
            [(None, None), ("Market 01", delivery.name), (None, None)],
        )
        document = json.loads(recall._get_export("epcis")[2])
        shipped = document["epcisBody"]["eventList"][-1]
        self.assertEqual(
            shipped["epcList"], ["https://id.gs1.org/01/04006381333931/21/P-1"]
        )

    def _receive_serial(self, product, name):
        lot = self._make_lot(name, product)
        self._stock_up(1, lot)
        return lot

    def test_gtin(self):
        product = self.culture
        for code, gtin in (
            ("4006381333931", "04006381333931"),
            ("4006381333932", ""),
            ("96385074", "00000096385074"),
            ("ABC", ""),
            (False, ""),
        ):
            product.barcode = code
            self.assertEqual(self.env["qms.recall"]._get_gtin(product), gtin)

    def test_report_for_authorities(self):
        recall = self._contained()
        report = self.env["ir.actions.report"].with_user(self.coordinator)
        html, _kind = report._render_qweb_html(
            "qms_traceability.report_recall", recall.ids
        )
        text = html.decode()
        for word in (
            "SD-2026-0315",
            "INGred-01",
            "Market 12",
            "Supplier X",
            "Class I",
            recall.snapshot_ids.content_hash,
        ):
            self.assertIn(word, text)
