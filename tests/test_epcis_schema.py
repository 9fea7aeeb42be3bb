"""What recalls export as EPCIS, held against the schema that GS1 publishes."""

import json
import re
from copy import deepcopy

import fastjsonschema

from odoo.tests import tagged

from odoo.addons.qms_traceability.tests.common_recall import RecallCase

from tools import epcis

# RFC 3986: its characters only, which the validator's own check does not ask for.
URI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:([\w.~:/?#@!$&'()*+,;=-]|%[0-9A-F]{2})+", re.A
)
# By the event's step: where it is broken, and the wrong value (None: it is missing).
BROKEN = {
    "document": [
        (["@context"], None),
        (["schemaVersion"], "two"),
        (["creationDate"], "2026-03-15"),
        (["id"], "no address"),
        (["type"], "EPCISDocuments"),
        (["epcisBody", "eventList"], None),
    ],
    "shipping": [
        (["eventTime"], None),
        (["eventTime"], "2026-03-15 10:00:00"),
        (["eventTimeZoneOffset"], "CET"),
        (["eventID"], "17"),
        (["action"], "SENT"),
        (["bizStep"], "delivering"),
        (["disposition"], "away"),
        (["quantityList"], None),
        (["quantityList", 0, "epcClass"], None),
        (["quantityList", 0, "epcClass"], "https://example.com/a lot"),
        (["quantityList", 0, "epcClass"], "https://example.com/Größe"),
        (["quantityList", 0, "quantity"], "50"),
        (["quantityList", 0, "uom"], "cases"),
        (["readPoint"], "here"),
        (["destinationList", 0, "type"], "customer"),
        (["bizTransactionList", 0, "type"], "delivery"),
        (["note"], "not of the standard"),
    ],
    "commissioning": [
        (["type"], "MakingEvent"),
        (["transformationID"], "MO 1"),
        (["inputQuantityList", 0, "epcClass"], None),
        (["outputQuantityList", 0, "epcClass"], ""),
    ],
}


@tagged("standard", "post_install", "-at_install")
class TestEpcisSchema(RecallCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        schema = json.loads(epcis.SCHEMA.read_text())
        cls.validate = staticmethod(
            fastjsonschema.compile(schema, formats={"uri": URI.fullmatch})
        )

    def _export(self, recall):
        return json.loads(recall._get_export("epcis")[2])

    def _get_document(self):
        """Return an export with each kind of event and of goods.

        Goods by quantity and by serial number, one of them with a name that no address
        can hold as it is; made into each other, taken apart, delivered and held.
        """
        pump = self._make_product("Pump", tracking="serial", barcode="4006381333931")
        kilograms = self.env.ref("uom.product_uom_kgm")
        powder = self._make_product("Powder", uom_id=kilograms.id)
        dust = self._receive(powder, "Größe 1/2 #7", 9, self.supplier_y)
        serial = self._produce(pump, "P-1 ä", 1, {self.ingredient: 2, dust: 1.5})
        self._deliver(self.customers[0], serial, 1)
        serial = self._produce(pump, "P-2", 1, {self.ingredient: 2, dust: 1.5})
        self._take_apart(serial)
        recall = self._analysed([self.ingredient, dust])
        recall.action_contain()
        return self._export(recall)

    def _take_apart(self, lot):
        order = self.env["mrp.production"].search([("lot_producing_ids", "=", lot.id)])
        unbuild = self.env["mrp.unbuild"].create(
            {"mo_id": order.id, "product_qty": 1, "lot_id": lot.id}
        )
        unbuild.action_unbuild()

    def test_a_whole_document_is_valid(self):
        document = self._get_document()
        events = document["epcisBody"]["eventList"]
        self.assertEqual(
            {(event["type"], event["bizStep"]) for event in events},
            {
                ("ObjectEvent", "receiving"),
                ("TransformationEvent", "commissioning"),
                ("TransformationEvent", "disassembling"),
                ("ObjectEvent", "shipping"),
                ("ObjectEvent", "holding"),
            },
        )
        keys = {key for event in events for key in event}
        self.assertLess({"epcList", "quantityList", "sourceList"}, keys)
        self.assertLess({"outputEPCList", "inputQuantityList"}, keys)
        self.assertIn('"uom": "KGM"', json.dumps(document))
        self.validate(document)

    def test_a_recall_without_goods_is_valid(self):
        """Nothing happened yet: an empty list of events."""
        lot = self._make_lot("NEW-1", self.dressing_product)
        document = self._export(self._analysed([lot]))
        self.assertEqual(document["epcisBody"]["eventList"], [])
        self.validate(document)

    def test_what_is_broken_is_refused(self):
        """The schema looks at all that this export writes."""
        document = self._export(self._contained())
        self.validate(deepcopy(document))
        for step, changes in BROKEN.items():
            for path, value in changes:
                with self.subTest(step=step, path=path, value=value):
                    broken = deepcopy(document)
                    self._change(self._find(broken, step), path, value)
                    with self.assertRaises(fastjsonschema.JsonSchemaValueException):
                        self.validate(broken)

    def _find(self, document, step):
        """Return the first event of a step, or the document itself."""
        events = document["epcisBody"]["eventList"]
        return next((one for one in events if one["bizStep"] == step), document)

    def _change(self, place, path, value):
        """Set a value, which was there with another one or not at all; or remove it."""
        *way, last = path
        for key in way:
            place = place[key]
        if value is None:
            del place[last]
        else:
            place[last] = value
