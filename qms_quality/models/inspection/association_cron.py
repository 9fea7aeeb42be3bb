from odoo import api, fields, models
from odoo.fields import Domain


class QmsQualityAssociation(models.Model):
    """Rules that ask again, or ask after a term."""

    _inherit = "qms.quality.association"

    last_lot_id = fields.Integer(
        readonly=True,
        copy=False,
        default=0,
        help="Lots up to this one were looked at for the term.",
    )

    @api.model
    def _cron_ask_again(self, limit=200):
        """Inspect goods again that are still in quarantine, and lots of an age.

        In batches, with progress: what is left is done by the next run.
        """
        done, remaining = self._ask_again(limit)
        self.env["ir.cron"]._commit_progress(done, remaining=remaining)

    @api.model
    def _ask_again(self, limit):
        """Make the next orders; return how many were looked at, and what is left."""
        orders = self.env["qms.quality.order"]
        domain = orders._get_repeat_domain()
        due = orders.search(domain, order="date_repeat, id", limit=limit)
        done = len(due)
        due._repeat()
        for rule in self.search([("event", "=", "lot_term")]):
            done += rule._ask_for_aged(max(limit - done, 0))
        # a full batch may have left lots behind
        return done, max(orders.search_count(domain), int(done >= limit))

    def _ask_for_aged(self, limit):
        """Make the orders of the next ``limit`` lots; return how many there were."""
        self.ensure_one()
        if not limit or not self._matches_dates():
            return 0
        lots = self._find_aged(limit)
        if lots:
            lots._qms_make_step_orders("lot_term")
            self.last_lot_id = max(lots.ids)
        return len(lots)

    def _find_aged(self, limit):
        """Return lots in stock that are old enough and were not looked at yet."""
        return self.env["stock.lot"].search(
            self._get_product_lot_domain()
            & Domain("id", ">", self.last_lot_id)
            & Domain("create_date", "<=", self._get_term_date())
            & Domain("quant_ids.location_id.usage", "=", "internal"),
            order="id",
            limit=limit,
        )

    def _get_term_date(self):
        """Return when lots must have been made to be of the age of this rule."""
        return fields.Datetime.subtract(fields.Datetime.now(), days=self.term_days)

    def _get_product_lot_domain(self):
        domain = Domain.TRUE
        if self.company_id:
            domain &= Domain("company_id", "in", [False, self.company_id.id])
        if self.product_ids:
            domain &= Domain("product_id", "in", self.product_ids.ids)
        if self.categ_ids:
            domain &= Domain("product_id.categ_id", "child_of", self.categ_ids.ids)
        return domain

    def _matches_dates(self, arrival=None):
        if not super()._matches_dates(arrival):
            return False
        if self.event != "lot_term" or not arrival:
            return True
        born = min(arrival.lots.mapped("create_date"), default=fields.Datetime.now())
        return born <= self._get_term_date()

    def write(self, vals):
        if "last_lot_id" not in vals and self._get_term_fields() & vals.keys():
            # what was looked at for other settings is looked at again
            vals = {**vals, "last_lot_id": 0}
        return super().write(vals)

    @api.model
    def _get_term_fields(self):
        names = {"event", "term_days", "company_id", "product_ids", "categ_ids"}
        return names | {"active", "date_from", "date_to", "attribute_value_ids"}
