from odoo import api, fields, models

from ..sentinel import trusted
from .signature_slot import match


class QmsSignature(models.Model):
    """Which signatures count for an action, and what is missing."""

    _inherit = "qms.signature"

    @api.model
    def _get_unsigned(self, records, action, arguments):
        """Return those of ``records`` that miss a signature for ``action``.

        What nothing guards costs no query.

        :param records: recordset of a guarded model
        :param str action: one of its guarded actions
        :param dict arguments: what the action is called with
        """
        return records.filtered(
            lambda record: self._get_missing(record, action, arguments)
        )

    @api.model
    def _get_missing(self, record, action, arguments):
        """Return the signatures that are missing, as a list of :class:`Slot`."""
        slots = self._get_slots(record, action, arguments)
        if not slots:
            return []
        signatures = self._find_pending(record, action, arguments)
        filled = match(slots, self._get_candidates(slots, signatures))
        return [slot for number, slot in enumerate(slots) if number not in filled]

    @api.model
    def _get_open_slots(self, record, action, arguments, user):
        """Return the slots that a signature of ``user`` would count for.

        Nobody fills two slots, and a slot that only others can fill isn't his.
        """
        slots = self._get_slots(record, action, arguments)
        if not slots:
            return []
        signatures = self._find_pending(record, action, arguments)
        candidates = self._get_candidates(slots, signatures)
        if user in candidates:
            return []
        filled = len(match(slots, candidates))
        return [
            slot
            for number, slot in enumerate(slots)
            if slot.is_open_to(user)
            and len(match(slots, {**candidates, user: {number}})) > filled
        ]

    @api.model
    def _get_slots(self, record, action, arguments):
        """Return what is to be signed: a list of :class:`Slot`."""
        rules = self.env["qms.signature.rule"]._find_for(record, action)
        return record._qms_get_slots(rules, action, arguments)

    def _get_candidates(self, slots, signatures):
        """Return who signed and which slots that can count for: ``{user: numbers}``."""
        candidates = {}
        for one in signatures:
            numbers = {n for n, slot in enumerate(slots) if slot.accepts(one)}
            candidates.setdefault(one.user_id, set()).update(numbers)
        return candidates

    @api.model
    def _find_pending(self, record, action, arguments):
        """Return the unused signatures of exactly this content and action."""
        # sudo: signatures of others count, whoever may read them
        return self.sudo().search(
            [
                *self._get_pending_domain(record, action),
                ("content_hash", "=", record._qms_content_hash(action, arguments)),
            ]
        )

    @api.model
    def _get_pending_domain(self, records, action):
        return [
            ("res_model", "=", records._name),
            ("res_id", "in", records.ids),
            ("action", "=", action),
            ("is_spent", "=", False),
        ]

    @api.model
    def _spend(self, records, action, arguments):
        """Use up the signatures that allow ``action``, and all left from before.

        Of two requests that use one signature at a time, the database lets one run
        again: it then finds none.
        """
        if not any(self._get_slots(record, action, arguments) for record in records):
            return
        # sudo: nobody may write signatures
        left = self.sudo().search(self._get_pending_domain(records, action))
        trusted(left).write({"is_spent": True, "date_spent": fields.Datetime.now()})
        self.env["qms.signature.request"]._close(records, action)
