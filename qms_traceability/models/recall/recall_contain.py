from odoo import api, fields, models
from odoo.tools import split_every

from odoo.addons.qms_quality.models.sentinel import trusted

# How many lots are held in one transaction.
BATCH = 500
HOLDING_STATES = ("containing", "contained", "recovery")
STATUS = "qms_quality.status_recalled"
CRON = "qms_traceability.cron_recall_contain"


class QmsRecall(models.Model):
    """All affected goods are held, wherever they are.

    A hold covers its lot in stock, in transit, reserved and picked, and whatever of it
    arrives later. What was posted at the same moment is found by the update that
    follows in a transaction of its own: the one that places holds can't see it.
    """

    _inherit = "qms.recall"

    is_update_due = fields.Boolean(readonly=True, copy=False, qms_audit=False)

    def action_contain(self):
        """Hold all affected lots; what doesn't fit in one go follows in the background.

        Later, those are held again whose holds somebody released.

        :raise AccessError: if the user is no recall coordinator
        :raise UserError: if a recall isn't analysed, or is a mock recall
        """
        self._check_contain()
        self._contain()

    def _check_contain(self):
        self._check_coordinator()
        self._check_real(self.env._("Contain"))
        self._check_state(["analysed", *HOLDING_STATES], self.env._("Contain"))

    def _contain(self):
        self.filtered(lambda recall: recall.state == "analysed")._set_state(
            "containing", "contain"
        )
        for recall in self:
            recall._hold_batch(recall._get_free_rows()[:BATCH])
            recall._end_containment()
        self._trigger_update()

    def _get_free_rows(self):
        """Return the affected lots that are not held yet, in sudo."""
        # sudo: only actions write the rows
        rows = trusted(self.sudo()).line_ids
        return rows.filtered(lambda row: not row.is_held).sorted("id")

    def _hold_batch(self, rows):
        """Hold lots of this recall, those that it doesn't hold yet."""
        held = self.env["qms.hold"]._search_open(self._name, self.ids).sudo()
        known = set(held.filtered(lambda hold: hold.scope == "lot").lot_id.ids)
        lots = rows.lot_id.filtered(lambda lot: lot.id not in known)
        self.env["qms.hold"]._place(self._prepare_holds(lots))
        rows.write({"is_held": True})

    def _update_holds(self):
        """Note which lots are held no more, since somebody released them."""
        # sudo: only actions write the rows
        rows = trusted(self.sudo()).line_ids.filtered("is_held")
        held = self.env["qms.hold"]._search_open(self._name, self.ids).sudo()
        known = set(held.lot_id.ids)
        free = rows.filtered(lambda row: row.lot_id.id not in known)
        free.write({"is_held": False})

    def _prepare_holds(self, lots):
        common = self._prepare_hold()
        return [
            {**common, "product_id": lot.product_id.id, "lot_id": lot.id}
            for lot in lots
        ]

    def _prepare_hold(self):
        """Return what all holds of this recall have in common."""
        return {
            "status_id": self.env.ref(STATUS).id,
            "reason": self.subject,
            "res_model": self._name,
            "res_id": self.id,
        }

    def _end_containment(self):
        """Move on, if all lots are held."""
        if self.state == "containing" and not self._get_free_rows():
            self._set_state(
                "contained", "contained", date_contained=fields.Datetime.now()
            )

    def _trigger_update(self):
        """Let the scheduled action go on, once this transaction is committed."""
        trusted(self.sudo()).is_update_due = True
        # sudo: nobody else may start scheduled actions
        self.env.ref(CRON).sudo()._trigger()

    @api.model
    def _cron_contain(self):
        """Go on holding goods in committed batches, then read what happened since."""
        progress = self.env["ir.cron"]._commit_progress
        recalls = self.search([("state", "=", "containing")])
        rows = {recall: recall._get_free_rows() for recall in recalls}
        due = self.search([("is_update_due", "=", True)])
        left = sum(map(len, rows.values())) + len(due)
        progress(remaining=left)
        for recall, free in rows.items():
            for batch in split_every(BATCH, free.ids, free.browse):
                if recall.state != "containing":
                    # somebody cancelled it between two batches
                    break
                recall._hold_batch(batch)
                if not progress(len(batch)):
                    return
            recall._end_containment()
        for recall in due.filtered(lambda one: one.state in self._get_running_states()):
            recall._update()
            if not progress(1):
                return
        trusted(due).is_update_due = False

    # -- Lots that are made later ------------------------------------------------------

    @api.model
    def _join(self, links):
        """Take lots that were made of affected ones into their recalls, and hold them.

        :param links: ``qms.lot.link``, just written
        """
        # sudo: whoever posts goods
        links = links.sudo().filtered(
            lambda link: not link.reverses_id and link.quantity
        )
        self._join_of_lots(links.filtered("from_lot_id"))
        self._join_of_products(
            links.filtered(lambda link: link.to_lot_id and not link.from_lot_id)
        )

    @api.model
    def _get_running_domain(self):
        return [
            ("recall_id.kind", "=", "real"),
            ("recall_id.state", "in", self._get_running_states()),
        ]

    @api.model
    def _join_of_lots(self, links):
        rows = self.env["qms.recall.lot"].sudo()
        if links:
            rows = rows.search(
                [
                    ("lot_id", "in", links.from_lot_id.ids),
                    *self._get_running_domain(),
                ]
            )
        for recall, known in rows.grouped("recall_id").items():
            lots = set(known.lot_id.ids)
            made = links.filtered(lambda link, lots=lots: link.from_lot_id.id in lots)
            recall._join_lots(made.to_lot_id, known)
            if made.filtered(lambda link: not link.to_lot_id):
                # it has no lots: a row to decide about, or held once more
                recall._take_products()
                recall._hold_products()
                recall._trigger_update()

    @api.model
    def _join_of_products(self, links):
        """Take lots in that were made of recalled goods without lots."""
        rows = self.env["qms.recall.product"].sudo()
        if links:
            rows = rows.search(
                [
                    ("product_id", "in", links.from_product_id.ids),
                    ("decision", "=", "included"),
                    *self._get_running_domain(),
                ]
            )
        for row in rows:
            made = links.filtered(
                lambda link, row=row: (
                    link.from_product_id == row.product_id
                    and link.date >= row.date_from
                )
            )
            row.recall_id._join_lots(made.to_lot_id, row, how="maybe")

    def _join_lots(self, lots, sources, how="joined"):
        """Add lots, and what was made of them, if this recall doesn't have them yet.

        :param lots: ``stock.lot``
        :param sources: rows of this recall that they were made of
        :param str how: how they come in
        """
        new = self._filter_new(lots)
        if not new:
            return
        level = min(sources.mapped("level")) + 1
        rows = self._take_lots(new, how, level)
        self._tell_joined(rows)
        self._hold_joined(rows)
        self._trigger_update()

    def _filter_new(self, lots):
        """Return the lots that this recall doesn't have, without reading all it has."""
        rows = self.env["qms.recall.lot"].sudo()
        domain = [("recall_id", "=", self.id), ("lot_id", "in", lots.ids)]
        return lots - rows.search(domain).lot_id

    def _hold_joined(self, rows):
        if self.kind == "real" and self.state in HOLDING_STATES:
            self._hold_batch(trusted(rows.sudo()))

    def _tell_joined(self, rows):
        names = ", ".join(row.display_name for row in rows[:20])
        self._message_log(body=self.env._("Found to be affected, too: %s", names))
        self._audit("join", reason=names)
