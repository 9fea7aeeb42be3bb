from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from .transaction import Goods, as_types

# What only a movement of goods may change.
PROTECTED = {
    "quantity",
    "reserved_quantity",
    "in_date",
    "product_id",
    "lot_id",
    "location_id",
    "package_id",
    "owner_id",
}


class StockQuant(models.Model):
    _inherit = "stock.quant"

    inspection_status_id = fields.Many2one(
        "qms.inspection.status",
        compute="_compute_inspection_status_id",
        search="_search_inspection_status_id",
        help="The strictest status these goods are held in, here.",
    )
    qms_status_color = fields.Integer(related="inspection_status_id.color")

    @api.depends(
        "product_id",
        "location_id",
        "package_id",
        "lot_id.inspection_status_id",
        "lot_id.qms_hold_ids.state",
    )
    def _compute_inspection_status_id(self):
        available = self.env["qms.inspection.status"]._get_available()
        covering = self.env["qms.hold"]._get_covering(self._qms_get_goods())
        for quant, holds in zip(self, covering, strict=True):
            strictest = holds.status_id._get_strictest()
            quant.inspection_status_id = (strictest or available).id

    def _search_inspection_status_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        statuses = self.env["qms.inspection.status"].browse(filter(None, value))
        available = statuses._get_available()
        held = self.env["qms.hold"].sudo().search([("state", "=", "open")])
        quants = held._get_quants()
        found = quants.filtered(lambda quant: quant.inspection_status_id in statuses)
        domain = Domain("id", "in", found.ids)
        if available in statuses:
            domain |= Domain("id", "not in", quants.ids)
        return domain

    def _qms_get_goods(self):
        """Return the goods that these quants are, for the gate."""
        return [
            Goods(quant.product_id, quant.lot_id, quant.location_id, quant.package_id)
            for quant in self
        ]

    # -- Reservation -------------------------------------------------------------------

    @api.model
    def _qms_gate_domain(
        self, type, *, product, location, move=None, partner=None, date=None
    ):
        """Return the domain of the quants that the gate lets be reserved.

        The twin of :meth:`qms.hold._qms_gate_reasons`; add-ons override both together.

        :param type: a transaction type, or several that must all allow it
        :param product: ``product.product`` to reserve, one or several
        :param location: ``stock.location`` to reserve in
        :param move: ``stock.move`` that reserves
        :param partner: ``res.partner`` that the goods go to
        :param datetime date: when they will move; now if empty
        :return: ``Domain`` on ``stock.quant``
        """
        types = as_types(type)
        held = product.filtered(lambda one: one._qms_is_blocked(types))
        lots = any(held.mapped("qms_has_held_lots"))
        narrow = any(held.mapped("qms_has_narrow_holds"))
        if not types or not (lots or narrow):
            return Domain.TRUE
        self.env["qms.hold"].flush_model()
        blocks = self._qms_get_blocks_sql(types, partner)
        # one condition, whose SQL is ready: Odoo would optimise several of them anew
        # for every move
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(" AND ").join(
                [
                    *([self._qms_get_lot_sql(alias, product, blocks)] if lots else []),
                    *([self._qms_get_narrow_sql(alias, blocks)] if narrow else []),
                ]
            ),
            predicate=lambda quant: not quant._qms_is_blocked(types, partner),
        )

    def _qms_get_lot_sql(self, alias, product, blocks):
        """Lots held as a whole. The planner reads the product's holds once."""
        return SQL(
            """NOT EXISTS (
                   SELECT 1 FROM qms_hold h
                   WHERE h.state = 'open' AND h.scope = 'lot'
                     AND h.product_id IN %s AND h.lot_id = %s AND (%s))""",
            tuple(product.ids),
            SQL.identifier(alias, "lot_id"),
            blocks,
        )

    @api.model
    def _qms_get_blocks_sql(self, types, partner=None):
        """Return the SQL of whether the hold ``h`` blocks one of ``types``."""
        return SQL(" OR ").join(
            SQL(
                "(h.blocked_types LIKE %s%s)",
                f"%,{name},%",
                self.env["qms.hold"]._get_unlimited_sql(name, partner),
            )
            for name in types
        )

    def _qms_get_narrow_sql(self, alias, blocks):
        """Goods held in a place or package, or without a lot: looked up by index.

        Two look-ups, each on the index of open narrow holds; one with an OR over the
        lot would compare every quant with every hold of the product.
        """
        look_up = SQL(
            """SELECT 1 FROM qms_hold h
               LEFT JOIN stock_location hl ON hl.id = h.location_id
               LEFT JOIN stock_location ql ON ql.id = %(location)s
               WHERE h.state = 'open' AND h.scope <> 'lot'
                 AND h.product_id = %(product)s
                 AND (h.package_id IS NULL OR h.package_id = %(package)s)
                 AND (hl.id IS NULL OR ql.parent_path LIKE hl.parent_path || '%%')
                 AND (%(blocks)s)""",
            location=SQL.identifier(alias, "location_id"),
            product=SQL.identifier(alias, "product_id"),
            package=SQL.identifier(alias, "package_id"),
            blocks=blocks,
        )
        return SQL(
            """NOT EXISTS (%(look_up)s AND h.lot_id IS NULL)
               AND NOT EXISTS (%(look_up)s AND h.lot_id = %(lot)s)""",
            look_up=look_up,
            lot=SQL.identifier(alias, "lot_id"),
        )

    def _qms_is_blocked(self, types, partner=None):
        self.ensure_one()
        (reasons,) = self.env["qms.hold"]._qms_gate_reasons(
            self._qms_get_goods(), types, partner=partner
        )
        return any(reason.policy == "block" for reason in reasons)

    def _get_reserve_quantity(
        self,
        product_id,
        location_id,
        quantity,
        uom_id=None,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
    ):
        # never when it unreserves: a held quant must give back what it holds
        gate = self.env.context.get("qms_reserving")
        if isinstance(gate, Domain) and quantity > 0:
            context = dict(self.env.context, qms_gate_domain=gate)
            # in sudo at once, as core goes on: one environment less for every move
            self = self.with_env(self.env(context=context, su=True))
        return super()._get_reserve_quantity(
            product_id,
            location_id,
            quantity,
            uom_id=uom_id,
            lot_id=lot_id,
            package_id=package_id,
            owner_id=owner_id,
            strict=strict,
        )

    def _get_gather_domain(
        self,
        product_id,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
    ):
        domain = super()._get_gather_domain(
            product_id, location_id, lot_id, package_id, owner_id, strict
        )
        # Set by _get_reserve_quantity only. Filtering every gathering would hide held
        # quants from the updates of their own quantities, and corrupt them.
        gate = self.env.context.get("qms_gate_domain")
        return domain & gate if isinstance(gate, Domain) else domain

    @api.depends("inspection_status_id")
    def _compute_available_quantity(self):
        res = super()._compute_available_quantity()
        self._qms_filter_unavailable().available_quantity = 0
        return res

    def _qms_filter_unavailable(self):
        """Return those whose status keeps them from being delivered."""
        return self.filtered(
            lambda quant: quant.inspection_status_id._get_policy("delivery") == "block"
        )

    # -- Quantities change by movements only -------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._qms_check_direct(vals, creating=True)
        return super().create(vals_list)

    def write(self, vals):
        # All of core's own writers run in sudo, which no caller can ask for.
        if not self.env.su:
            self._qms_check_direct(vals)
        return super().write(vals)

    def _qms_check_direct(self, vals, creating=False):
        """Refuse what changes stock without a movement, as any direct write does.

        In inventory mode core itself limits the fields, and makes the movement.
        """
        names = PROTECTED & set(vals)
        if self._is_inventory_mode():
            names &= {"quantity", "reserved_quantity", "in_date"}
        if creating and not names & {"quantity", "reserved_quantity"}:
            return
        changed = {
            name
            for name in names
            if creating or any(q._qms_differs(name, vals[name]) for q in self)
        }
        if changed:
            raise AccessError(
                self.env._(
                    "Stock can't be written directly (%(fields)s). Use a transfer, a"
                    " count or a relocation, so that the movement is checked and"
                    " recorded.",
                    fields=", ".join(
                        self._fields[name]._description_string(self.env)
                        for name in sorted(changed)
                    ),
                )
            )

    def _qms_differs(self, name, value):
        return self._fields[name].convert_to_write(self[name], self) != value
