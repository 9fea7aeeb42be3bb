import json
import uuid
from urllib.parse import quote

import pytz

from odoo import api, fields, models

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
GS1 = "https://id.gs1.org"
# Of UNECE Recommendation 20, by the units that Odoo brings. Pieces have none.
UNITS = {
    "uom.product_uom_kgm": "KGM",
    "uom.product_uom_gram": "GRM",
    "uom.product_uom_ton": "TNE",
    "uom.product_uom_lb": "LBR",
    "uom.product_uom_oz": "ONZ",
    "uom.product_uom_litre": "LTR",
    "uom.product_uom_milliliter": "MLT",
    "uom.product_uom_cubic_meter": "MTQ",
    "uom.product_uom_gal": "GLL",
    "uom.product_uom_meter": "MTR",
    "uom.product_uom_dozen": "DZN",
}
STEPS = {
    "unbuild": "disassembling",
    "repair": "repairing",
    "kit": "repackaging",
    "split": "repackaging",
    "merge": "repackaging",
    "relabel": "repackaging",
}


class QmsRecall(models.Model):
    """GS1 EPCIS 2.0 (ISO/IEC 19987) in JSON-LD, with the vocabulary of CBV 2.0.

    Goods are named by GS1 Digital Link where the product's barcode is a GTIN, else by
    addresses of this database.
    """

    _inherit = "qms.recall"

    def _get_export_epcis(self):
        document = self._get_epcis_document()
        content = json.dumps(document, indent=2, ensure_ascii=False).encode()
        return f"{self._get_report_base_filename()}-epcis.jsonld", "json", content

    def _get_epcis_document(self):
        """Return the events of all goods of this recall, the oldest first."""
        lots = self._get_traced_lots()
        events = [
            *self._get_epcis_receipts(lots),
            *self._get_epcis_transformations(lots),
            *self._get_epcis_shipments(lots),
            *self._get_epcis_recall(),
        ]
        return {
            "@context": [CONTEXT],
            "id": self._get_uuid(
                "document", fields.Datetime.to_string(self.write_date)
            ),
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": self._get_epcis_time(fields.Datetime.now())["eventTime"],
            "epcisBody": {
                "eventList": sorted(events, key=lambda event: event["eventTime"])
            },
        }

    # -- Events ------------------------------------------------------------------------

    def _get_epcis_receipts(self, lots):
        lines = self._get_event_lines(lots, "location_id", "supplier")
        return [
            self._prepare_object_event(
                moved,
                step="receiving",
                disposition="in_progress",
                giver=self._get_line_partner(moved[0]),
                taker=self._get_site(moved[0].location_dest_id),
                site=moved[0].location_dest_id,
            )
            for moved in lines.grouped(self._get_document_key).values()
        ]

    def _get_epcis_shipments(self, lots):
        lines = self._get_event_lines(lots, "location_dest_id", "customer")
        return [
            self._prepare_object_event(
                moved,
                step="shipping",
                disposition="in_transit",
                giver=self._get_site(moved[0].location_id),
                taker=self._get_line_partner(moved[0]),
                site=moved[0].location_id,
            )
            for moved in lines.grouped(self._get_document_key).values()
        ]

    @api.model
    def _get_document_key(self, line):
        return line.picking_id.id or -line.move_id.id

    def _prepare_object_event(self, lines, step, disposition, giver, taker, site):
        goods = [(line.lot_id, line.quantity_product_uom) for line in lines]
        parties = {}
        if giver:
            parties["sourceList"] = [self._get_party(giver, "source")]
        if taker:
            parties["destinationList"] = [self._get_party(taker, "destination")]
        document = lines[0].picking_id or lines[0].move_id
        return {
            "type": "ObjectEvent",
            "eventID": self._get_uuid(step, document._name, document.id),
            **self._get_epcis_time(max(lines.mapped("date"))),
            "action": "OBSERVE",
            "bizStep": step,
            "disposition": disposition,
            **self._get_goods_lists(goods, "epcList", "quantityList"),
            "readPoint": {"id": self._get_site_uri(site)},
            "bizTransactionList": [
                {
                    "type": "recadv" if step == "receiving" else "desadv",
                    "bizTransaction": self._get_uri(document),
                }
            ],
            **parties,
        }

    def _get_epcis_transformations(self, lots):
        links = self._get_links(lots).filtered("to_lot_id")
        return [
            self._prepare_transformation(made)
            for made in links.grouped(
                lambda link: (link.res_model, link.res_id, link.kind)
            ).values()
        ]

    def _prepare_transformation(self, links):
        first = links[0]
        used, made = {}, {}
        for link in links:
            goods = link.from_lot_id or link.from_product_id
            used[goods] = used.get(goods, 0) + link.quantity
            made[link.to_lot_id] = link.to_quantity
        document = self.env[first.res_model].browse(first.res_id)
        return {
            "type": "TransformationEvent",
            "eventID": self._get_uuid(first.kind, first.res_model, first.res_id),
            **self._get_epcis_time(max(links.mapped("date"))),
            "transformationID": self._get_uri(document),
            "bizStep": STEPS.get(first.kind, "commissioning"),
            "disposition": "active",
            **self._get_goods_lists(used.items(), "inputEPCList", "inputQuantityList"),
            **self._get_goods_lists(
                made.items(), "outputEPCList", "outputQuantityList"
            ),
            "readPoint": {"id": self._get_company_uri(first.company_id)},
            "bizTransactionList": [
                {"type": "prodorder", "bizTransaction": self._get_uri(document)}
            ],
        }

    def _get_epcis_recall(self):
        """Return the event that says which goods are held as recalled."""
        held = self.line_ids.filtered("is_held")
        if not held:
            return []
        goods = [(row.lot_id, row.on_hand) for row in held]
        return [
            {
                "type": "ObjectEvent",
                "eventID": self._get_uuid("holding", self._name, self.id),
                **self._get_epcis_time(self.date_contained or self.date_analysed),
                "action": "OBSERVE",
                "bizStep": "holding",
                "disposition": "recalled",
                **self._get_goods_lists(goods, "epcList", "quantityList"),
                "readPoint": {"id": self._get_company_uri(self.company_id)},
            }
        ]

    # -- Names -------------------------------------------------------------------------

    def _get_goods_lists(self, goods, instances, classes):
        """Return serial numbers as instances, lots and products as classes with their
        quantities, each once."""
        serials, quantities = {}, {}
        for record, quantity in goods:
            uri = self._get_goods_uri(record)
            product = self._get_product(record)
            if product.tracking == "serial" and record._name == "stock.lot":
                serials[uri] = True
            else:
                known = quantities.get(uri, (0, product))[0]
                quantities[uri] = (known + quantity, product)
        lists = {}
        if serials:
            lists[instances] = list(serials)
        if quantities:
            lists[classes] = [
                {
                    "epcClass": uri,
                    "quantity": round(quantity, 5),
                    **self._get_unit(product),
                }
                for uri, (quantity, product) in quantities.items()
            ]
        return lists

    @api.model
    def _get_product(self, record):
        return record.product_id if record._name == "stock.lot" else record

    def _get_goods_uri(self, record):
        """Return the GS1 Digital Link of a lot or product, or an address of ours."""
        product = self._get_product(record)
        gtin = self._get_gtin(product)
        base = f"{GS1}/01/{gtin}" if gtin else self._get_uri(product)
        if record._name != "stock.lot":
            return base
        key = "21" if product.tracking == "serial" else "10"
        return f"{base}/{key}/{quote(record.name, safe='')}"

    def _get_unit(self, product):
        xmlid = product.uom_id.get_external_id().get(product.uom_id.id)
        return {"uom": UNITS[xmlid]} if xmlid in UNITS else {}

    def _get_party(self, partner, kind):
        return {"type": "possessing_party", kind: self._get_partner_uri(partner, "417")}

    def _get_partner_uri(self, partner, key):
        """Return the address of a party or its place, by its GLN if it has one."""
        known = "global_location_number" in partner._fields
        gln = known and partner.global_location_number
        return f"{GS1}/{key}/{gln}" if gln else self._get_uri(partner)

    def _get_site_uri(self, location):
        site = self._get_site(location)
        return self._get_partner_uri(site, "414") if site else self._get_uri(location)

    def _get_company_uri(self, company):
        return self._get_partner_uri(company.partner_id, "414")

    def _get_uri(self, record):
        name = record._name.replace(".", "-")
        return f"{self.get_base_url()}/id/{name}/{record.id}"

    def _get_uuid(self, *parts):
        """Return the same identifier for the same thing, in each export."""
        database = self.env["ir.config_parameter"].get_param("database.uuid")
        name = "/".join(map(str, (database, *parts)))
        return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"

    def _get_epcis_time(self, moment):
        zone = pytz.timezone(self.company_id.resource_calendar_id.tz or "UTC")
        local = pytz.utc.localize(moment).astimezone(zone).replace(microsecond=0)
        text = local.isoformat()
        return {"eventTime": text, "eventTimeZoneOffset": text[-6:]}
