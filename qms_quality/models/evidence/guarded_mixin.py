import json
from hashlib import sha256

from odoo import api, models

from .content import ContentLine


class QmsGuardedMixin(models.AbstractModel):
    """Actions that need a signature or somebody's approval, where a rule says so.

    A model names its guarded actions. For each action ``x`` it has ``_qms_check_x``
    (rights and state) and ``_qms_do_x``; its button calls :meth:`_qms_guarded`. What a
    signature or an approval is about is the content of the record, by its hash.
    """

    _name = "qms.guarded.mixin"
    _description = "Record with Guarded Actions"
    _inherit = ["qms.audit.mixin"]

    # -- For the model to say ----------------------------------------------------------

    @api.model
    def _qms_guarded_actions(self):
        """Return the actions that rules can guard: ``{name: label for people}``."""
        return {}

    def _qms_signed_content(self, action, arguments):
        """Return what is signed or approved, as a list of :class:`ContentLine`.

        What the action itself changes isn't part of it, so that the content is the same
        before and after.

        :param str action: a name of :meth:`_qms_guarded_actions`
        :param dict arguments: what the action is called with
        """
        self.ensure_one()
        return []

    # -- The way through ---------------------------------------------------------------

    def _qms_guarded(self, action, **arguments):
        """Run an action a person asked for, as far as its rules are met.

        Records that miss a signature or an approval are left alone, and the person is
        asked to sign, or told whom it waits for.

        :param str action: a name of :meth:`_qms_guarded_actions`
        :param arguments: passed to ``_qms_do_<action>``; plain JSON
        :return: a client action (the dialog to sign, or a message), or ``None``
        :raise AccessError, UserError: what ``_qms_check_<action>`` finds
        """
        getattr(self, f"_qms_check_{action}")(**arguments)
        unsigned = self.env["qms.signature"]._get_unsigned(self, action, arguments)
        approvals = self.env["qms.approval"]
        waiting = approvals._get_waiting(self - unsigned, action, arguments)
        (self - unsigned - waiting)._qms_perform(action, arguments)
        if unsigned:
            return self.env["qms.signature.wizard"]._open(unsigned, action, arguments)
        return approvals._prepare_waiting_message(waiting, action)

    def _qms_let_pass(self, action, **arguments):
        """Return those for which an action may run that no person asked for directly.

        A validated order releases its holds: a rule about releasing holds applies to
        that too. For the rest the signature or approval is asked for.

        :return: recordset; what its rules asked for is spent
        """
        unsigned = self.env["qms.signature"]._get_unsigned(self, action, arguments)
        unsigned._qms_await_signature(action, arguments)
        waiting = self.env["qms.approval"]._get_waiting(
            self - unsigned, action, arguments, direct=False
        )
        ready = self - unsigned - waiting
        ready._qms_spend(action, arguments)
        return ready

    def _qms_perform(self, action, arguments):
        if self:
            self._qms_spend(action, arguments)
            getattr(self, f"_qms_do_{action}")(**arguments)

    def _qms_spend(self, action, arguments):
        """Use up what allowed the action: it allows it once."""
        self.env["qms.signature"]._spend(self, action, arguments)
        self.env["qms.approval"]._spend(self, action, arguments)

    def _qms_await_signature(self, action, arguments):
        """Tell that the action waits for a signature. Models with activities do more.

        :param str action: a name of :meth:`_qms_guarded_actions`
        :param dict arguments: what the action would be called with
        """
        label = self._qms_guarded_actions()[action]
        for record in self:
            record._audit(
                "await_signature", reason=self.env._("%s: to be signed", label)
            )

    # -- What is signed ----------------------------------------------------------------

    def _qms_content_hash(self, action, arguments):
        """Return the SHA-256 of the content, as hexadecimal text.

        :param str action: a name of :meth:`_qms_guarded_actions`
        :param dict arguments: what the action is called with
        """
        self.ensure_one()
        # the same for all, whatever their language or client sends along
        record = self.with_env(self.env(context={}))
        lines = record._qms_content(action, arguments)
        content = {
            "model": self._name,
            "id": self.id,
            "action": action,
            "arguments": arguments,
            "content": [(line.name, line.value) for line in lines],
        }
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()

    def _qms_content(self, action, arguments):
        """Return the content with the files that are attached to it."""
        # sudo: the hash must not depend on who may read which part of the content
        record = self.sudo()
        return [
            *record._qms_signed_content(action, arguments),
            *record._qms_get_attachment_lines(),
        ]

    def _qms_get_attachment_lines(self):
        """Return a line for each attached file, with its checksum."""
        files = self.env["ir.attachment"].search(
            self._qms_get_attachment_domain(), order="id"
        )
        return [
            ContentLine("attachment", self.env._("Attachment"), one.checksum, one.name)
            for one in files
        ]

    def _qms_get_attachment_domain(self):
        return [
            ("res_model", "=", self._name),
            ("res_id", "in", self.ids),
            ("res_field", "=", False),
        ]

    # -- Whether any rule guards an action ---------------------------------------------

    @api.model
    def _qms_has_rules(self, action):
        """Tell whether a rule guards an action of any record. Costs no query."""
        return any(
            self.env[model]._get_rule_ids(self._name, action)
            for model in ("qms.approval.rule", "qms.signature.rule")
        )

    def _qms_filter_ruled(self, action):
        """Return those for which a rule asks for a signature or an approval.

        :param str action: a name of :meth:`_qms_guarded_actions`
        """
        if not self._qms_has_rules(action):
            return self.browse()
        approved = self.env["qms.approval.rule"]._get_rules(self, action)
        signatures = self.env["qms.signature"]
        return self.filtered(
            lambda record: (
                record in approved or signatures._get_slots(record, action, {})
            )
        )
