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

        :raise AccessError: if the user is no recall coordinator
        :raise UserError: if a recall isn't analysed, or is a mock recall
        """
        self._check_contain()
        self._contain()

    def _check_contain(self):
        self._check_coordinator()
        self._check_real(self.env._("Contain"))
        self._check_state(["analysed", "containing"], self.env._("Contain"))

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
        known = held.filtered(lambda hold: hold.scope == "lot").lot_id
        self.env["qms.hold"]._place(
            [self._prepare_hold(row.lot_id) for row in rows if row.lot_id not in known]
        )
        rows.write({"is_held": True})

    def _prepare_hold(self, lot):
        return {
            "product_id": lot.product_id.id,
            "lot_id": lot.id,
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
            lambda link: link.from_lot_id and link.to_lot_id and not link.reverses_id
        )
        rows = links and self.env["qms.recall.lot"].sudo().search(
            [
                ("lot_id", "in", links.from_lot_id.ids),
                ("recall_id.kind", "=", "real"),
                ("recall_id.state", "in", self._get_running_states()),
            ]
        )
        for recall, known in (
            (rows or self.env["qms.recall.lot"]).grouped("recall_id").items()
        ):
            made = links.filtered(
                lambda link, known=known: link.from_lot_id in known.lot_id
            )
            recall._join_lots(made.to_lot_id, known)

    def _join_lots(self, lots, sources):
        """Add lots, and what was made of them, if this recall doesn't have them yet."""
        new = lots - self.line_ids.lot_id
        if not new:
            return
        level = min(sources.mapped("level")) + 1
        reach = self._get_reach(new)
        rows = trusted(self.env["qms.recall.lot"].sudo()).create(
            [
                {
                    "recall_id": self.id,
                    "lot_id": lot,
                    "level": level + steps,
                    "how": "joined",
                }
                for lot, steps in reach.items()
                if lot not in self.line_ids.lot_id.ids
            ]
        )
        self.invalidate_recordset(["line_ids"])
        self._tell_joined(rows)
        self._hold_joined(rows)
        self._trigger_update()

    def _hold_joined(self, rows):
        if self.kind == "real" and self.state in HOLDING_STATES:
            self._hold_batch(trusted(rows.sudo()))

    def _tell_joined(self, rows):
        names = ", ".join(row.display_name for row in rows[:20])
        self._message_log(body=self.env._("Found to be affected, too: %s", names))
        self._audit("join", reason=names)
