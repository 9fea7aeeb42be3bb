from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every

from odoo.addons.qms_quality.models.gate.transaction import INSIDE

from .expiry_policy import TYPES

BATCH = 1000


class StockLot(models.Model):
    """Lots that have expired get a hold that shows it, and lose their reservations.

    A lot in warehouses of different zones is shown as expired when it is so in all of
    them: until then some of it may be used.
    """

    _inherit = "stock.lot"

    _qms_expiration_idx = models.Index(
        "(expiration_date, id) WHERE expiration_date IS NOT NULL"
    )

    def _qms_recheck_reservations(self, before):
        # other dates, by whatever way they came
        self._qms_end_expired_holds()
        return super()._qms_recheck_reservations(before)

    @api.model
    def _cron_hold_expired(self, batch=BATCH):
        """Show which lots have expired, and free what may not leave for its date.

        In batches that are committed one by one; what was done is not found again, so
        that the next run goes on where this one ended.
        """
        lines = self.env["stock.move.line"]
        jobs = (
            (self, self._qms_find_not_expired(), "_qms_end_expired_holds"),
            (self, self._qms_find_expired(), "_qms_hold_expired"),
            (lines, lines._qms_find_near(), "_qms_free_refused_by_date"),
        )
        cron, remaining = self.env["ir.cron"], sum(len(ids) for _m, ids, _work in jobs)
        cron._commit_progress(remaining=remaining)
        for model, ids, work in jobs:
            for some in split_every(batch, ids):
                getattr(model.browse(some), work)()
                remaining -= len(some)
                if not cron._commit_progress(len(some), remaining=remaining):
                    return

    # -- Which lots have expired -------------------------------------------------------

    @api.model
    def _qms_find_expired(self):
        """Return the ids of lots in stock that may have expired, and don't show it."""
        self.env["stock.lot"].flush_model(["expiration_date"])
        self.env["stock.quant"].flush_model(["lot_id", "quantity", "location_id"])
        self.env["qms.hold"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT lot.id
                     FROM stock_lot lot
                     JOIN product_product p ON p.id = lot.product_id
                     JOIN product_template t ON t.id = p.product_tmpl_id
                    WHERE lot.expiration_date < %s
                      AND t.use_expiration_date
                      AND NOT EXISTS (
                          SELECT 1 FROM qms_hold h
                           WHERE h.lot_id = lot.id AND h.state = 'open' AND h.is_expiry)
                      AND EXISTS (
                          SELECT 1 FROM stock_quant q
                            JOIN stock_location l ON l.id = q.location_id
                           WHERE q.lot_id = lot.id AND q.quantity > 0
                             AND l.usage IN %s)
                 ORDER BY lot.id""",
                # today has begun nowhere on earth more than a day ago
                fields.Datetime.add(fields.Datetime.now(), days=1),
                INSIDE,
            )
        )
        return [lot_id for (lot_id,) in rows]

    def _qms_filter_expired(self):
        """Return those that have expired wherever they lie, where that blocks them.

        Lots that lie nowhere are judged by their company's calendar.
        """
        where, kept = self._qms_get_whereabouts(), self.browse()
        for warehouse, lots in where:
            policies = lots.product_id._qms_get_expiry_rules(warehouse)
            limit = warehouse._qms_get_expiry_limit(warehouse._qms_get_day())
            kept |= lots.filtered(
                lambda lot, policies=policies, limit=limit: (
                    not lot.expiration_date
                    or lot.expiration_date >= limit
                    or policies[lot.product_id].get_days(TYPES) is None
                )
            )
        return self - kept

    def _qms_get_whereabouts(self):
        """Return where these lots lie, as pairs of a calendar and its lots."""
        # sudo: stock of all companies counts
        groups = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                Domain("lot_id", "in", self.ids)
                & Domain("quantity", ">", 0)
                & Domain("location_id.usage", "in", INSIDE),
                ["location_id"],
                ["lot_id:recordset"],
            )
        )
        found, calendars = defaultdict(self.browse), {}
        places = [(place, lots) for place, lots in groups]
        nowhere = self - self.union(*(lots for _place, lots in places))
        places += [
            (self.env["stock.location"], lots)
            for lots in nowhere.grouped("company_id").values()
        ]
        for place, lots in places:
            company = place.company_id or lots[:1].company_id or self.env.company
            warehouse = place._qms_get_calendar(company)
            key = warehouse.id, not warehouse and company.id
            calendars[key] = warehouse
            found[key] |= lots
        return [(calendars[key], lots & self) for key, lots in found.items()]

    # -- The hold that shows it --------------------------------------------------------

    def _qms_hold_expired(self):
        """Place the hold that shows that these lots have expired, where they have."""
        status = self.env["qms.inspection.status"]._get_by_xmlid("status_expired")
        expired = self._qms_filter_expired()
        return self.env["qms.hold"]._place(
            [
                {
                    "product_id": lot.product_id.id,
                    "lot_id": lot.id,
                    "status_id": status.id,
                    "reason": self.env._("Past its expiration date"),
                    "is_expiry": True,
                }
                for lot in expired
            ]
        )

    @api.model
    def _qms_find_not_expired(self):
        """Return the ids of lots that show that they have expired, and may not have."""
        holds = self.env["qms.hold"].sudo()
        shown = Domain("is_expiry", "=", True) & Domain("state", "=", "open")
        products = self.env["product.product"].union(
            *(product for (product,) in holds._read_group(shown, ["product_id"]))
        )
        free = products - products._qms_filter_blocked_somewhere()
        recent = fields.Datetime.subtract(fields.Datetime.now(), days=2)
        found = holds.search(
            shown
            & (
                Domain("product_id", "in", free.ids)
                | Domain("lot_id.expiration_date", "=", False)
                | Domain("lot_id.expiration_date", ">=", recent)
            )
        )
        return found.lot_id.ids

    def _qms_end_expired_holds(self):
        """Release the holds that show these lots as expired, where they are not."""
        # sudo: whoever corrects a date need not read the ledger
        holds = (
            self.env["qms.hold"]
            .sudo()
            .search(
                [
                    ("lot_id", "in", self.ids),
                    ("is_expiry", "=", True),
                    ("state", "=", "open"),
                ]
            )
        )
        if not holds:
            return
        lots = holds.lot_id - holds.lot_id._qms_filter_expired()
        ended = holds.filtered(lambda hold: hold.lot_id in lots)
        # the date decides, no person: nothing to sign or approve
        ended._qms_do_release(self.env._("Not expired by its date"))
        lots._qms_reserve_again()

    def _qms_reserve_again(self):
        """Let the moves that wait for these lots reserve them."""
        # sudo: whoever corrects a date need not be allowed to touch a delivery
        holds, quants = self.env["qms.hold"].sudo(), self.env["stock.quant"].sudo()
        found = quants.search(
            [("lot_id", "in", self.ids), ("quantity", ">", 0)]
        ).filtered(lambda quant: quant.location_id.usage in INSIDE)
        if found:
            self.env["stock.move"].sudo().search(
                holds._get_waiting_domain(found),
                order="priority desc, date asc, id asc",
            )._action_assign()
