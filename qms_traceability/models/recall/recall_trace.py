from time import monotonic

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

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
            if not roots:
                raise UserError(
                    self.env._("%s: no lots are found for this scope.", recall.name)
                )
            if recall.scope != "lots":
                trusted(recall).lot_ids = roots
            recall._take_lots(roots)
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

    def _take_lots(self, roots, how="made"):
        """Add the lots that are affected and no part of the recall yet.

        :param roots: ``stock.lot`` that it starts from
        :param str how: how the others come in
        :return: the rows that were added
        """
        self.ensure_one()
        reach = self._get_reach(roots)
        known = set(self.line_ids.lot_id.ids)
        rows = trusted(self.env["qms.recall.lot"].sudo()).create(
            [
                {
                    "recall_id": self.id,
                    "lot_id": lot,
                    "level": level,
                    "how": "root" if lot in roots.ids else how,
                }
                for lot, level in sorted(
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
            added = recall._take_lots(recall.sudo().lot_ids, how="joined")
            if added:
                recall._tell_joined(added)
                recall._hold_joined(added)
            recall._update_facts()
            trusted(recall.sudo()).is_update_due = False

    def _update_facts(self):
        """Read what became of the affected lots, and of what they were made."""
        self.ensure_one()
        self._update_ledger()
        self._update_customers()
        self._update_suppliers()
        warnings = self._get_warnings()
        trusted(self.sudo()).warning_text = "\n".join(warnings)

    def _update_ledger(self):
        # sudo: only actions write the figures, which come from all stock there is
        rows = trusted(self.sudo()).line_ids
        figures = self._read_ledger(rows.lot_id)
        for row in rows:
            changed = {
                name: value
                for name, value in figures[row.lot_id.id].items()
                if row.uom_id.compare(row[name], value)
            }
            if changed:
                row.write(changed)

    def _get_warnings(self):
        """Return what can't be told for certain, for people."""
        self.ensure_one()
        lots = self.sudo().line_ids.lot_id
        return [
            *self._get_lotless_warnings(lots),
            *self._get_company_warnings(lots),
        ]

    def _get_lotless_warnings(self, lots):
        """Name products without lots that affected lots went into."""
        # sudo: see _get_reach
        made = (
            self.env["qms.lot.link"]
            .sudo()
            ._read_group(
                Domain("from_lot_id", "in", lots.ids)
                & Domain("to_lot_id", "=", False)
                & self.env["qms.lot.link"]._get_valid_domain(),
                ["to_product_id"],
                ["from_lot_id:recordset"],
            )
        )
        return [
            self.env._(
                "%(lots)s went into %(product)s, which has no lots: hold it by hand.",
                lots=", ".join(sorted(sources.mapped("name"))[:5]),
                product=product.display_name,
            )
            for product, sources in made
        ]

    def _get_company_warnings(self, lots):
        """Name other companies that delivered affected lots."""
        others = {
            company
            for _lot, company, *_more in self._query_delivered(lots)
            if company != self.company_id.id
        }
        names = self.env["res.company"].sudo().browse(sorted(others)).mapped("name")
        return [
            self.env._(
                "%(company)s delivered affected goods, too. Open a recall there to tell"
                " its customers.",
                company=name,
            )
            for name in names
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
                    **{name: row[name] for name in LEDGER},
                }
                for row in self.line_ids
            ],
            "deliveries": [
                {
                    "customer": one.customer_id.partner_name,
                    "document": one.document,
                    "lot": one.recall_lot_id.lot_id.name,
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
