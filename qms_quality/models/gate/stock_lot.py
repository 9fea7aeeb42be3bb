from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..sentinel import is_trusted
from .transaction import join_types

BADGE = {
    "inspection_status_id",
    "qms_blocked_types",
    "qms_status_date",
    "qms_term_date",
    "qms_gate_counter",
    "parent_lot_id",
    "merged_lot_id",
}


class StockLot(models.Model):
    _inherit = "stock.lot"

    inspection_status_id = fields.Many2one(
        "qms.inspection.status",
        compute="_compute_inspection_status",
        store=True,
        index=True,
        ondelete="restrict",
        help="The strictest status the whole lot is held in. Parts of it may be held"
        " more strictly, in a place or a package.",
    )
    qms_status_color = fields.Integer(related="inspection_status_id.color")
    qms_blocked_types = fields.Char(
        compute="_compute_inspection_status",
        store=True,
        qms_audit=False,
        help="The transaction types that holds on the whole lot block.",
    )
    qms_status_date = fields.Datetime(
        string="Status since",
        compute="_compute_inspection_status",
        store=True,
        qms_audit=False,
    )
    qms_term_date = fields.Datetime(
        string="Status until",
        compute="_compute_inspection_status",
        store=True,
        qms_audit=False,
    )
    qms_hold_ids = fields.One2many("qms.hold", "lot_id", string="Holds", readonly=True)
    qms_gate_counter = fields.Integer(readonly=True, copy=False, qms_audit=False)
    parent_lot_id = fields.Many2one(
        "stock.lot",
        string="Split from",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    _blocked_idx = models.Index("(product_id) WHERE qms_blocked_types IS NOT NULL")

    @api.depends(
        "qms_hold_ids.state",
        "qms_hold_ids.scope",
        "qms_hold_ids.status_id",
        "qms_hold_ids.blocked_types",
    )
    def _compute_inspection_status(self):
        available = self.env["qms.inspection.status"]._get_available()
        for lot in self:
            holds = lot.qms_hold_ids.filtered(
                lambda hold: hold.state == "open" and hold.scope == "lot"
            )
            strictest = holds.status_id._get_strictest()
            lot.inspection_status_id = strictest or available
            lot.qms_blocked_types = join_types(holds.mapped("blocked_types"))
            shown = holds.filtered(lambda h, s=strictest: h.status_id == s)
            lot.qms_status_date = min(shown.mapped("date_placed"), default=False)
            terms = [term for term in shown.mapped("date_term") if term]
            lot.qms_term_date = max(terms, default=False)

    # -- A new lot starts safe ---------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if is_trusted(self.env):
            return super().create(vals_list)
        vals_list = [
            {name: value for name, value in vals.items() if name not in BADGE}
            for vals in vals_list
        ]
        # a default would stand in for what the ledger says
        defaults = {f"default_{name}" for name in BADGE}
        context = {k: v for k, v in self.env.context.items() if k not in defaults}
        lots = super(StockLot, self.with_env(self.env(context=context))).create(
            vals_list
        )
        lots._qms_hold_until_arrival()
        return lots.with_env(self.env)

    def _qms_hold_until_arrival(self):
        """Hold new lots in the strictest status that any rule gives their product.

        Their goods aren't known yet. The hold is replaced when they arrive, before
        anything else can reserve them.
        """
        statuses = self._qms_get_initial_statuses(self.product_id)
        self.env["qms.hold"]._place(
            [
                {
                    "product_id": lot.product_id.id,
                    "lot_id": lot.id,
                    "status_id": statuses[lot.product_id].id,
                    "reason": self.env._("New lot: its goods have not arrived yet"),
                    "res_model": self._name,
                    "res_id": lot.id,
                    "provisional": True,
                }
                for lot in self
                if statuses[lot.product_id]
            ]
        )

    @api.model
    def _qms_get_initial_statuses(self, products):
        """Return the strictest status that any rule may give a new lot.

        Override to add the statuses of other documents that wait for arriving goods.

        :param products: ``product.product``
        :return: ``{product: qms.inspection.status, empty where no rule applies}``
        """
        rules = self.env["qms.status.rule"]._get_rules(products)
        return {
            product: rules.filtered(
                lambda rule, product=product: rule._matches_product(product)
            ).status_id._get_strictest()
            for product in products
        }

    # -- What is held, and what has a quality history, keeps its identity --------------

    def write(self, vals):
        if not is_trusted(self.env):
            self._qms_check_badge(vals)
            self._qms_check_identity(vals)
        return super().write(vals)

    def _qms_check_badge(self, vals):
        if BADGE & set(vals):
            raise AccessError(
                self.env._(
                    "The status of a lot can't be written. Place or release a hold:"
                    " the status follows."
                )
            )

    def _qms_check_identity(self, vals):
        names = {"name", "product_id", "active"} & set(vals)
        changed = self.filtered(
            lambda lot: any(
                lot._fields[name].convert_to_write(lot[name], lot) != vals[name]
                for name in names & set(lot._fields)
            )
        )
        kept = changed._qms_get_recorded()
        if kept:
            raise UserError(
                self.env._(
                    "These lots are held or have quality records, so they keep their"
                    " number and product, and are not archived: %(lots)s.\n"
                    "Split or scrap the lot instead, or release and correct it by an"
                    " inventory count under a new number.",
                    lots=", ".join(kept.mapped("display_name")),
                )
            )

    def _qms_get_recorded(self):
        """Return the lots of ``self`` that holds or quality records speak of."""
        if not self:
            return self
        # sudo: a record that the user may not read still counts
        holds = (
            self.env["qms.hold"]
            .sudo()
            ._read_group([("lot_id", "in", self.ids)], ["lot_id"])
        )
        return self.browse([lot.id for (lot,) in holds])

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        kept = self._qms_get_recorded()
        if kept:
            raise UserError(
                self.env._(
                    "These lots are held or have quality records and can't be deleted:"
                    " %(lots)s.",
                    lots=", ".join(kept.mapped("display_name")),
                )
            )

    # -- No race -----------------------------------------------------------------------

    def _qms_lock_for_posting(self, products, lotless, places):
        """Lock what the gate reads, against holds placed at the same time.

        A hold updates a counter on these rows: one that comes first makes this fail
        (and Odoo runs the request again), one that comes second waits. Postings do not
        disturb each other. One statement, that also says whether it is worth asking
        where the goods came from.

        :param products: of the goods that move
        :param lotless: those of them that move without a lot. The others are locked
            only where stock without a lot could leave under a lot's name.
        :param places: ``stock.location`` that the goods left
        :return bool: whether one of ``places`` gave more than it had
        """
        self.env["stock.quant"].flush_model(
            ["product_id", "location_id", "lot_id", "quantity"]
        )
        query = SQL(
            "SELECT (%s), (%s), (%s)",
            self._qms_get_lot_lock_sql(),
            self._qms_get_product_lock_sql(products, lotless),
            self._qms_get_owing_sql(products, places),
        )
        ((_lots, _products, owing),) = self.env.execute_query(query)
        return owing

    def _qms_get_lot_lock_sql(self):
        return SQL(
            """SELECT count(*) FROM (
                   SELECT id FROM stock_lot WHERE id = ANY(%s)
                   ORDER BY id FOR SHARE) locked""",
            self.ids,
        )

    def _qms_get_product_lock_sql(self, products, lotless):
        return SQL(
            """SELECT count(*) FROM (
                   SELECT id FROM product_product p
                   WHERE id = ANY(%s) AND (id = ANY(%s) OR EXISTS (
                       SELECT 1 FROM stock_quant q
                       WHERE q.product_id = p.id AND q.lot_id IS NULL
                         AND q.quantity <> 0))
                   ORDER BY id FOR SHARE) locked""",
            products.ids,
            lotless.ids,
        )

    def _qms_get_owing_sql(self, products, places):
        return SQL(
            """SELECT EXISTS (
                   SELECT 1 FROM stock_quant
                   WHERE product_id = ANY(%s) AND location_id = ANY(%s)
                     AND quantity < 0)""",
            products.ids,
            places.ids,
        )
