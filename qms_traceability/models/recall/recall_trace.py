from time import monotonic

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.qms_quality.models.sentinel import trusted

from .recall_lot import LEDGER


class QmsRecall(models.Model):
    """Finding what is affected: lots, and what is uncertain."""

    _inherit = "qms.recall"

    def action_analyse(self):
        """Find all affected goods, and freeze what the trace says.

        :raise AccessError: if the user is no recall coordinator
        :raise UserError: names what is missing of the scope, or that nothing is found
        """
        self._check_analyse()
        self._analyse()

    def _check_analyse(self):
        self._check_coordinator()
        self._check_state(["draft", "analysed"], self.env._("Analyse"))
        self._refuse({recall: recall._get_scope_problems() for recall in self})

    def _analyse(self):
        for recall in self:
            begin = monotonic()
            roots = recall._find_roots()
            if not roots and not recall._find_products_of_scope():
                raise UserError(
                    self.env._("%s: no goods are found for this scope.", recall.name)
                )
            if recall.scope != "lots":
                trusted(recall).lot_ids = roots
            recall._take_lots(roots)
            recall._follow_products()
            recall._update_facts()
            recall._measure(monotonic() - begin)
            snapshot = recall._freeze(monotonic() - begin)
            recall._set_state(
                "analysed",
                "analyse",
                reason=snapshot.content_hash,
                date_analysed=fields.Datetime.now(),
            )

    def _measure(self, seconds):
        """Note how good the trace was. Extension point of mock recalls."""

    def _get_reach(self, lots, direction="forward"):
        """Return the lots that these went into, or came from, with the steps between.

        :return: ``{lot id: level}``, these lots included
        """
        # sudo: a recall follows the goods, whoever started it
        reach = self.env["qms.trace"].sudo()._get_reach(lots.sudo(), direction)
        return {**dict.fromkeys(lots.ids, 0), **{k: abs(v) for k, v in reach.items()}}

    def _take_lots(self, roots, how="made", level=0):
        """Add the lots that are affected and no part of the recall yet.

        :param roots: ``stock.lot`` that they are reached from
        :param str how: how they come in, those apart that the recall starts from
        :param int level: how far these are from what the recall starts from
        :return: the rows that were added
        """
        self.ensure_one()
        reach = self._get_reach(roots)
        known = set(self.line_ids.lot_id.ids)
        starts = set(self.sudo().lot_ids.ids)
        rows = trusted(self.env["qms.recall.lot"].sudo()).create(
            [
                {
                    "recall_id": self.id,
                    "lot_id": lot,
                    "level": level + steps,
                    "how": "root" if lot in starts else how,
                }
                for lot, steps in sorted(
                    reach.items(), key=lambda one: (one[1], one[0])
                )
                if lot not in known
            ]
        )
        self.invalidate_recordset(["line_ids"])
        return rows

    # -- Facts -------------------------------------------------------------------------

    def action_update(self):
        """Read lots, deliveries and the ledger anew.

        :raise AccessError: if the user is no recall coordinator
        :raise UserError: if a recall is a draft, or done
        """
        self._check_coordinator()
        self._check_state(self._get_running_states(), self.env._("Update"))
        self._update()

    def _update(self):
        """Follow what happened to the goods since the recall was analysed."""
        for recall in self:
            recall._update_holds()
            added = recall._take_lots(recall.sudo().lot_ids, how="joined")
            added |= recall._follow_products()
            if added:
                recall._tell_joined(added)
                recall._hold_joined(added)
            recall._hold_products()
            recall._update_facts()
            trusted(recall.sudo()).is_update_due = False

    def _update_facts(self):
        """Read what became of the affected lots, and of what they were made."""
        self.ensure_one()
        delivered = self._query_delivered(self.sudo().line_ids.lot_id)
        self._update_ledger()
        self._update_customers(delivered)
        self._update_elsewhere(delivered)
        self._update_suppliers()
        warnings = self._get_warnings(delivered)
        trusted(self.sudo()).warning_text = "\n".join(warnings)

    def _update_ledger(self):
        # sudo: only actions write the figures, which come from all stock there is
        rows = trusted(self.sudo()).line_ids
        figures = self._read_ledger(rows.lot_id)
        for row in rows:
            row._write_changed(figures[row.lot_id.id])

    def _get_warnings(self, delivered):
        """Return what can't be told for certain, for people.

        :param list delivered: see :meth:`_query_delivered`
        """
        self.ensure_one()
        return [
            *self._get_lotless_warnings(),
            *self._get_company_warnings(delivered),
        ]

    def _get_lotless_warnings(self):
        """Name goods without lots of which nobody has said what becomes of them."""
        return [
            self.env._(
                "Goods of %(product)s have no lot; %(sources)s may be in them or"
                " among them: decide on the tab Goods without Lots whether they are"
                " recalled.",
                product=row.product_id.display_name,
                sources=row.sources,
            )
            for row in self.sudo().product_row_ids
            if row.decision == "open"
        ]

    # -- Frozen ------------------------------------------------------------------------

    def _freeze(self, seconds):
        """Keep what is known now, and return the snapshot."""
        self.ensure_one()
        content = self.sudo()._get_snapshot_content()
        return self.env["qms.recall.snapshot"]._freeze(self, content, seconds)

    def _get_snapshot_content(self):
        return {
            "recall": self.name,
            "kind": self.kind,
            "scope": self.scope,
            "roots": sorted(self.lot_ids.ids),
            "lots": [
                {
                    "id": row.lot_id.id,
                    "name": row.lot_id.name,
                    "product": row.product_id.display_name,
                    "level": row.level,
                    "how": row.how,
                    **{name: row[name] for name in (*LEDGER, "elsewhere")},
                }
                for row in self.line_ids
            ],
            "deliveries": [
                {
                    "customer": one.customer_id.partner_name,
                    "document": one.document,
                    "product": one.product_id.display_name,
                    "lot": one.recall_lot_id.lot_id.name or "",
                    "quantity": one.quantity,
                    "date": fields.Datetime.to_string(one.date),
                }
                for one in self.customer_ids.delivery_ids
            ],
            "suppliers": [
                {
                    "supplier": one.partner_id.display_name or "",
                    "product": one.product_id.display_name,
                    "lots": one.lot_ids.mapped("name"),
                    "quantity": one.quantity,
                    "documents": one.documents or "",
                }
                for one in self.supplier_ids
            ],
            "warnings": self.warning_text or "",
        }
