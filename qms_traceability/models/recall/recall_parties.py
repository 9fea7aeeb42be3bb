from collections import defaultdict
from operator import itemgetter
from typing import NamedTuple
from uuid import uuid4

from odoo import models

from odoo.addons.qms_quality.models.sentinel import trusted


class Delivered(NamedTuple):
    """What a customer got of affected goods by one transfer; a return is less."""

    goods: object  # qms.recall.lot, or qms.recall.product
    partner: int | None
    picking: int | None
    document: str
    quantity: float
    date: object


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
        found = [
            Delivered(rows[lot], *facts)
            for lot, company, *facts in delivered
            if company == self.company_id.id
        ]
        found += recall._get_delivered_without_lots()
        customers = recall._take_customers({one.partner for one in found})
        recall._take_deliveries(found, customers)
        recall._take_goods(found, customers)
        recall._drop_untold(found, customers)

    def _get_delivered_without_lots(self):
        """Return what own customers got of recalled goods without lots."""
        return [
            Delivered(row, *facts)
            for row in self._get_included_rows()
            for company, *facts in row._query_deliveries()
            if company == self.company_id.id
        ]

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

    def _take_deliveries(self, found, customers):
        known = {
            (one._get_goods(), one.customer_id, one.document): one
            for one in self.customer_ids.delivery_ids
        }
        new = []
        for one in found:
            values = {"quantity": one.quantity, "date": one.date}
            key = (one.goods, customers[one.partner], one.document)
            if key not in known:
                new.append({**values, **self._prepare_delivery(one, key[1])})
            elif known[key].uom_id.compare(known[key].quantity, one.quantity):
                known[key].write(values)
        self._drop_deliveries(found, known, customers)
        self.env["qms.recall.delivery"].create(new)
        self.customer_ids.invalidate_recordset(["delivery_ids"])

    def _prepare_delivery(self, one, customer):
        return {
            **self.env["qms.recall.delivery"]._prepare_goods_row(one.goods),
            "customer_id": customer.id,
            "picking_id": one.picking,
            "document": one.document,
        }

    def _take_goods(self, found, customers):
        """Add up what each customer got of what. What is new to him he is told."""
        known = {
            (line.customer_id, line._get_goods()): line
            for line in self.customer_ids.line_ids
        }
        delivered, back = self._add_up(found, customers, known)
        new = [
            self._prepare_goods(customer, goods, quantity)
            for (customer, goods), quantity in delivered.items()
            if (customer, goods) not in known
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

    def _add_up(self, found, customers, known):
        """Return what each customer got of what, and what came back since he was told:
        of that he speaks in his answer, too."""
        delivered, back = defaultdict(float), defaultdict(float)
        none = self.env["qms.recall.customer.line"]
        for one in found:
            key = customers[one.partner], one.goods
            told = known.get(key, none).date_told
            if one.quantity < 0 and told and one.date >= told:
                back[key] -= one.quantity
            else:
                delivered[key] += one.quantity
        return delivered, back

    def _prepare_goods(self, customer, goods, quantity):
        local = customer._in_language(goods)
        return {
            **self.env["qms.recall.customer.line"]._prepare_goods_row(goods),
            "customer_id": customer.id,
            "product_name": local.product_id.display_name,
            "lot_name": local._get_lot_text(),
            "uom_name": local.product_id.uom_id.name,
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

    def _prepare_since(self):
        """Return since when goods without lots are meant: that may have changed."""
        goods = self.customer_id._in_language(self.product_row_id)
        return {"lot_name": goods._get_lot_text()} if goods else {}

    def _take_figures(self, delivered, back):
        """Note what he got and what came back. Of more goods he is told once more."""
        self.ensure_one()
        compare = self.uom_id.compare
        change = compare(delivered, self.delivered)
        if change or compare(back, self.came_back):
            self.write(
                {
                    **self._prepare_since(),
                    "delivered": delivered,
                    "came_back": back,
                    "is_told": self.is_told and change <= 0,
                }
            )
