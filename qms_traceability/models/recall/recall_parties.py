from collections import defaultdict
from operator import itemgetter
from uuid import uuid4

from odoo import models

from odoo.addons.qms_quality.models.sentinel import trusted


class QmsRecall(models.Model):
    """Who got affected goods, and who delivered what they were made of."""

    _inherit = "qms.recall"

    # -- Customers ---------------------------------------------------------------------

    def _update_customers(self, delivered):
        """Add customers, goods and deliveries that are not known yet.

        :param list delivered: see :meth:`_query_delivered`
        """
        # sudo: only actions write them, from all deliveries of the company
        recall = trusted(self.sudo())
        rows = {row.lot_id.id: row for row in recall.line_ids}
        found = [row for row in delivered if row[1] == self.company_id.id]
        customers = recall._take_customers({row[2] for row in found})
        recall._take_deliveries(found, rows, customers)
        recall._take_goods(found, rows, customers)
        recall._drop_untold(found, rows, customers)

    def _take_customers(self, partner_ids):
        """Return the row of each customer: ``{partner id: row}``."""
        customers = {one.partner_id.id or None: one for one in self.customer_ids}
        new = sorted(partner_ids - customers.keys(), key=lambda one: one or 0)
        partners = self.env["res.partner"].browse(filter(None, new))
        names = {partner.id: partner.display_name for partner in partners}
        unknown = self.env._("Unknown customer")
        numbers = self.env["ir.sequence"]._qms_draw("qms.recall.customer", len(new))
        made = self.env["qms.recall.customer"].create(
            [
                {
                    "recall_id": self.id,
                    "name": number,
                    "company_id": self.company_id.id,
                    "partner_id": partner,
                    "partner_name": names.get(partner, unknown),
                    "contact_id": partner,
                    # now, since showing the notice must not write
                    "access_token": str(uuid4()),
                }
                for partner, number in zip(new, numbers, strict=True)
            ]
        )
        self.invalidate_recordset(["customer_ids"])
        return {**customers, **dict(zip(new, made, strict=True))}

    def _take_deliveries(self, found, rows, customers):
        known = {
            (one.recall_lot_id.lot_id.id, one.customer_id.id, one.document): one
            for one in self.customer_ids.delivery_ids
        }
        new = []
        for lot, _company, partner, picking, document, quantity, date in found:
            values = {"quantity": quantity, "date": date}
            key = (lot, customers[partner].id, document)
            if key not in known:
                new.append(
                    {
                        **values,
                        "customer_id": customers[partner].id,
                        "recall_lot_id": rows[lot].id,
                        "picking_id": picking,
                        "document": document,
                    }
                )
            elif known[key].uom_id.compare(known[key].quantity, quantity):
                known[key].write(values)
        self._drop_deliveries(found, known, customers)
        self.env["qms.recall.delivery"].create(new)
        self.customer_ids.invalidate_recordset(["delivery_ids"])

    def _take_goods(self, found, rows, customers):
        """Add up what each customer got of each lot. What is new to him he is told."""
        known = {
            (line.customer_id, line.recall_lot_id): line
            for line in self.customer_ids.line_ids
        }
        delivered, back = self._add_up(found, rows, customers, known)
        new = [
            self._prepare_goods(customer, row, quantity)
            for (customer, row), quantity in delivered.items()
            if (customer, row) not in known
        ]
        lines = self.env["qms.recall.customer.line"].create(new)
        for key, line in known.items():
            line._take_figures(delivered[key], back[key])
        untold = (lines | self.customer_ids.line_ids).filtered(
            lambda line: not line.is_told
        )
        again = untold.customer_id.filtered(lambda one: one.state != "to_tell")
        again.write({"state": "to_tell"})
        self.customer_ids.invalidate_recordset(["line_ids"])

    def _add_up(self, found, rows, customers, known):
        """Return what each customer got of each lot, and what came back since he was
        told: of that he speaks in his answer, too."""
        delivered, back = defaultdict(float), defaultdict(float)
        none = self.env["qms.recall.customer.line"]
        for lot, _company, partner, _picking, _document, quantity, date in found:
            key = customers[partner], rows[lot]
            told = known.get(key, none).date_told
            if quantity < 0 and told and date >= told:
                back[key] -= quantity
            else:
                delivered[key] += quantity
        return delivered, back

    def _prepare_goods(self, customer, row, quantity):
        product = row.product_id.with_context(
            lang=customer.lang, partner_id=customer.partner_id.id
        )
        return {
            "customer_id": customer.id,
            "recall_lot_id": row.id,
            "product_name": product.display_name,
            "lot_name": row.lot_id.name,
            "uom_name": product.uom_id.name,
            "delivered": quantity,
        }

    # -- Suppliers ---------------------------------------------------------------------

    def _update_suppliers(self):
        """Add who delivered the goods that it starts from, and what is in them."""
        # sudo: see _update_customers
        recall = trusted(self.sudo())
        reach = self._get_reach(recall.lot_ids, "backward")
        lots = self.env["stock.lot"].sudo().browse(reach)
        products = {lot.id: lot.product_id.id for lot in lots}
        groups = defaultdict(list)
        for row in self._query_received(lots):
            if row[1] == self.company_id.id:
                groups[row[2], products[row[0]]].append(row)
        known = {
            (one.partner_id.id or None, one.product_id.id): one
            for one in recall.supplier_ids
        }
        new = []
        for key, rows in groups.items():
            values = self._prepare_supplier(rows, reach)
            if key in known:
                known[key].write(values)
            else:
                new.append({"partner_id": key[0], "product_id": key[1], **values})
        self.env["qms.recall.supplier"].sudo().with_env(recall.env).create(
            [{"recall_id": self.id, **vals} for vals in new]
        )
        self.invalidate_recordset(["supplier_ids"])

    def _prepare_supplier(self, rows, reach):
        lots = {row[0] for row in rows}
        return {
            "lot_ids": [(6, 0, sorted(lots))],
            "quantity": sum(map(itemgetter(5), rows)),
            "documents": ", ".join(sorted({row[4] or "" for row in rows})),
            "date": min(map(itemgetter(6), rows)),
            "level": min(reach[lot] for lot in lots),
        }


class QmsRecallCustomerLine(models.Model):
    """What a customer got, as the ledger goes on telling it."""

    _inherit = "qms.recall.customer.line"

    def _take_figures(self, delivered, back):
        """Note what he got and what came back. Of more goods he is told once more."""
        self.ensure_one()
        compare = self.recall_lot_id.uom_id.compare
        change = compare(delivered, self.delivered)
        if change or compare(back, self.came_back):
            self.write(
                {
                    "delivered": delivered,
                    "came_back": back,
                    "is_told": self.is_told and change <= 0,
                }
            )
