from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.qms_quality.models.gate.transaction import as_types


class StockQuant(models.Model):
    """What reservation may take by its date: one condition, its moments computed."""

    _inherit = "stock.quant"

    @api.model
    def _qms_gate_domain(
        self, type, *, product, location, move=None, partner=None, date=None
    ):
        gate = super()._qms_gate_domain(
            type,
            product=product,
            location=location,
            move=move,
            partner=partner,
            date=date,
        )
        types = as_types(type)
        blocks = self._qms_get_date_blocks(
            types, product, location, move=move, partner=partner, date=date
        )
        if not blocks:
            return gate
        # the lots' dates are copied to their stock
        self.flush_model(["expiration_date"])
        return gate & Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "NOT (%s)", self._qms_get_date_sql(alias, blocks)
            ),
            predicate=lambda quant: (
                not quant._qms_is_date_blocked(types, move, partner, date)
            ),
        )

    def _qms_is_date_blocked(self, types, move=None, partner=None, date=None):
        """Tell whether the date of these goods refuses them for one of ``types``."""
        self.ensure_one()
        (reasons,) = self.env["qms.hold"]._qms_get_date_reasons(
            self._qms_get_goods(), types, [move], partner, date
        )
        return any(reason.policy == "block" for reason in reasons)

    # -- Which dates block -------------------------------------------------------------

    @api.model
    def _qms_get_date_blocks(
        self, types, products, location, *, move=None, partner=None, date=None
    ):
        """Return which dates block goods, for sets of products and warehouses.

        :param location: ``stock.location`` where the goods are; any place if empty
        :return: ``{DateBlock: [(products, warehouses)]}``; warehouses are ids, None for
            places outside of any, and empty where the place says it all
        """
        dated = products._qms_filter_dated()
        if not dated:
            return {}
        moment = move._qms_get_use_date() if date and move else date or None
        company = (
            (move and move.company_id)
            or (location and location.company_id)
            or self.env.company
        )
        calendars = self._qms_get_calendars(location, company)
        found = defaultdict(list)
        for warehouse in calendars:
            asked = self.env["qms.hold"]._qms_prepare_asked(types, warehouse, moment)
            for block, some in dated._qms_get_date_blocks(asked, move, partner):
                found[block, some].append(warehouse.id or None)
        blocks = defaultdict(list)
        for (block, some), ids in found.items():
            everywhere = len(ids) == len(calendars)
            blocks[block].append((some, () if everywhere else tuple(ids)))
        return dict(blocks)

    @api.model
    def _qms_get_calendars(self, location, company):
        """Return the calendars that goods in a place may be judged by.

        :return: list of ``stock.warehouse``, of which the first may be empty
        """
        if location and (location.warehouse_id or location.usage != "view"):
            return [location._qms_get_calendar(company)]
        # sudo: stock of all warehouses may count
        warehouses = self.env["stock.warehouse"].sudo()
        found = warehouses.with_context(active_test=False).search([])
        return [
            warehouses.with_company(company),
            *(one.with_company(one.company_id) for one in found),
        ]

    # -- The same as SQL ---------------------------------------------------------------

    @api.model
    def _qms_get_date_sql(self, alias, blocks):
        """Return the SQL of whether dates block quants called ``alias``."""
        return SQL(" OR ").join(
            SQL(
                "(%s AND %s)",
                self._qms_get_where_sql(alias, *where),
                block.to_sql(alias),
            )
            for block, places in blocks.items()
            for where in places
        )

    @api.model
    def _qms_get_where_sql(self, alias, products, warehouse_ids):
        goods = SQL("%s IN %s", SQL.identifier(alias, "product_id"), products._ids)
        if not warehouse_ids:
            return goods
        self.env["stock.location"].flush_model(["warehouse_id"])
        # 0 stands for places outside of any warehouse
        return SQL(
            """%s AND %s IN (SELECT id FROM stock_location
                             WHERE COALESCE(warehouse_id, 0) IN %s)""",
            goods,
            SQL.identifier(alias, "location_id"),
            tuple(one or 0 for one in warehouse_ids),
        )
