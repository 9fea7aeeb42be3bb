from odoo import api, models
from odoo.tools import SQL

from ..sentinel import trusted, untrusted

# What says to which company held goods belong, the first that does.
OWNED = (
    ("stock.location", "location_id"),
    ("stock.lot", "lot_id"),
    ("stock.package", "package_id"),
)


class QmsHold(models.Model):
    """Placing holds, and what follows after a term."""

    _inherit = "qms.hold"

    # -- Placing -----------------------------------------------------------------------

    @api.model
    def _place(self, vals_list, exact=False):
        """Place holds, update the badges, free the reservations, write the trail.

        A hold on a package stands for all its content: unless it is ``exact``, each
        product and lot is held in the package inside that contains it directly.

        The caller's action has checked the rights.

        :param list vals_list: dicts of ``product_id``, ``status_id``, ``reason``, one
            or more of ``lot_id``, ``location_id``, ``package_id``, and optionally
            ``comment``, ``res_model``, ``res_id``, ``company_id``, ``date_term``,
            ``next_status_id``, ``root_id``, ``provisional``
        :param bool exact: the packages named contain the goods directly
        :return: the holds
        """
        if not vals_list:
            return self.browse()
        # sudo: a clerk's receipt holds goods, but no clerk may write the ledger
        ledger = trusted(self.sudo())
        if not exact:
            vals_list = ledger._unpack(vals_list)
        ledger._fetch_companies(vals_list)
        holds = ledger.with_context(mail_create_nolog=True, tracking_disable=True)
        names = self.env["ir.sequence"]._qms_draw("qms.hold", len(vals_list))
        holds = holds.create(
            [
                ledger._prepare_hold(vals, name)
                for vals, name in zip(vals_list, names, strict=True)
            ]
        )
        holds._bump_gate()
        for reason, placed in holds.grouped("reason").items():
            placed._audit("place", reason=reason)
        placed = untrusted(holds.with_env(ledger.env))
        placed.filtered(lambda hold: not hold.provisional)._free_reservations()
        return self.browse(placed.ids)

    def _prepare_hold(self, vals, name):
        if "company_id" not in vals:
            vals = dict(vals, company_id=self._get_hold_company(vals).id)
        return dict(vals, name=name, placed_by_id=self.env.uid)

    def _fetch_companies(self, vals_list):
        """Read whose the goods are, for all holds at once."""
        for model, field in OWNED:
            ids = {vals[field] for vals in vals_list if vals.get(field)}
            self.env[model].browse(ids).fetch(["company_id"])

    def _get_hold_company(self, vals):
        for model, field in OWNED:
            company = self.env[model].browse(vals.get(field)).company_id
            if company:
                return company
        return self.env["res.company"]

    def _get_goods_name(self):
        """Return what is held, for people: product, lot, package, place."""
        self.ensure_one()
        parts = [
            self.product_id.display_name,
            self.lot_id.name,
            self.package_id.name,
            self.location_id.display_name,
        ]
        return " · ".join(part for part in parts if part)

    # -- Next status after a term ------------------------------------------------------

    def _prepare_next_statuses(self):
        """Return the values of the holds that follow these, none where nothing does."""
        return [
            {
                "product_id": hold.product_id.id,
                "lot_id": hold.lot_id.id,
                "location_id": hold.location_id.id,
                "package_id": hold.package_id.id,
                "status_id": hold.next_status_id.id,
                "reason": self.env._("Follows %(status)s", status=hold.status_id.name),
                "res_model": hold.res_model,
                "res_id": hold.res_id,
                "company_id": hold.company_id.id,
            }
            for hold in self
            if hold.next_status_id._restricts()
        ]

    # -- No race -----------------------------------------------------------------------

    def _bump_gate(self):
        """Touch the rows that a posting locks, so that the two never pass each other.

        A posting reads its lots' rows ``FOR SHARE`` (the product's, where there is no
        lot). A hold that commits first makes it fail and run again; one that comes
        second waits. In id order, so that two holds never wait for each other.
        """
        self.flush_recordset()
        lotless = self.filtered(lambda hold: not hold.lot_id)
        lots = self.lot_id | lotless._get_quants().lot_id
        for table, ids in (
            ("stock_lot", lots.ids),
            ("product_product", lotless.product_id.ids),
        ):
            if ids:
                self.env.cr.execute(self._get_bump_query(table, ids))

    def _get_bump_query(self, table, ids):
        return SQL(
            """UPDATE %(table)s SET qms_gate_counter = COALESCE(qms_gate_counter, 0) + 1
               WHERE id IN (
                   SELECT id FROM %(table)s WHERE id IN %(ids)s ORDER BY id FOR UPDATE)
            """,
            table=SQL.identifier(table),
            ids=tuple(sorted(ids)),
        )
