import json
from hashlib import sha256

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.qms_quality.models.sentinel import trusted


class QmsRecallSnapshot(models.Model):
    """What the trace said at a moment, with its hash: it stays as it was.

    Each covers the hash of the one before, so none can be changed or left out without
    the next telling.
    """

    _name = "qms.recall.snapshot"
    _description = "Frozen Trace of a Recall"
    _inherit = ["qms.protected.mixin", "qms.audit.mixin"]
    _qms_audit_made = "freeze"
    _order = "id desc"
    _rec_name = "date"

    recall_id = fields.Many2one(
        "qms.recall", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="recall_id.company_id", store=True, index=True, precompute=True
    )
    date = fields.Datetime(required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="By", required=True, readonly=True)
    seconds = fields.Float(readonly=True, aggregator=None, help="What the trace took.")
    content = fields.Text(readonly=True, required=True)
    previous_hash = fields.Char(readonly=True)
    content_hash = fields.Char(string="SHA-256", readonly=True, required=True)
    is_intact = fields.Boolean(string="Intact", compute="_compute_is_intact")

    @api.model
    def _get_protection_text(self):
        return self.env._("Frozen traces are made by Analyse, and never changed.")

    @api.ondelete(at_uninstall=False)
    def _unlink_protected(self):
        raise UserError(self.env._("A frozen trace is never deleted."))

    @api.depends("content", "previous_hash", "content_hash")
    def _compute_is_intact(self):
        for snapshot in self:
            snapshot.is_intact = snapshot.content_hash == self._get_hash(
                snapshot.content, snapshot.previous_hash
            )

    @api.model
    def _get_hash(self, content, previous):
        return sha256(f"{previous or ''}\n{content}".encode()).hexdigest()

    @api.model
    def _freeze(self, recall, content, seconds):
        """Keep what a trace said.

        :param recall: ``qms.recall``
        :param dict content: plain JSON
        :param float seconds: how long the trace took
        :return: the snapshot
        """
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        previous = recall.snapshot_ids[:1].content_hash
        return trusted(self.sudo()).create(
            {
                "recall_id": recall.id,
                "date": fields.Datetime.now(),
                "user_id": self.env.uid,
                "seconds": seconds,
                "content": text,
                "previous_hash": previous,
                "content_hash": self._get_hash(text, previous),
            }
        )
