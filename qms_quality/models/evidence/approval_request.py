from odoo import api, fields, models

from ..sentinel import trusted, untrusted
from .approval import OPEN_STATES


class QmsApproval(models.Model):
    """How a request is made, and how it is used up. Called by the guard."""

    _inherit = "qms.approval"

    @api.model
    def _get_waiting(self, records, action, arguments, direct=True):
        """Return those of ``records`` that wait for approval; ask for it if new.

        :param records: of a model with guarded actions
        :param str action: what is to be done
        :param dict arguments: what it is called with; plain JSON
        :param bool direct: whether a person asked for the action itself, so that his
            right to it is checked again before it runs
        """
        rules = self.env["qms.approval.rule"]._get_rules(records, action)
        guarded = records.filtered(lambda record: record in rules)
        if not guarded:
            return guarded
        opened = self._search_open(records._name, guarded.ids, action)
        opened -= opened._void_changed()
        agreed = opened._get_agreed(guarded, action, arguments)
        waiting = guarded - records.browse(agreed.mapped("res_id"))
        pending = opened.filtered(lambda approval: approval.state == "pending")
        new = waiting - records.browse(pending.mapped("res_id"))
        self._request({one: rules[one] for one in new}, action, arguments, direct)
        return waiting

    @api.model
    def _search_open(self, res_model, res_ids, action=None):
        """Return the requests on some records that are neither used nor closed."""
        # sudo: whether an action waits doesn't depend on who may read the request
        return self.sudo().search(
            [
                ("res_model", "=", res_model),
                ("res_id", "in", res_ids),
                ("state", "in", OPEN_STATES),
                *([("action", "=", action)] if action else []),
            ]
        )

    def _get_agreed(self, records, action, arguments):
        """Return the requests that allow the action on ``records`` as they are."""
        by_id = {record.id: record for record in records}
        return self.filtered(
            lambda approval: (
                approval.state == "approved"
                and approval.res_id in by_id
                and approval.content_hash
                == by_id[approval.res_id]._qms_content_hash(action, arguments)
            )
        )

    # -- Making a request --------------------------------------------------------------

    @api.model
    def _request(self, rules, action, arguments, direct):
        """Ask for approval.

        :param dict rules: ``{record: qms.approval.rule}``
        :return: the requests
        """
        # sudo: asking is part of the action, and nobody may write a request
        approvals = trusted(self.sudo())
        approvals = approvals.with_context(mail_create_nolog=True).create(
            [
                {
                    **self._prepare_request(record, action, arguments),
                    "is_direct": direct,
                    "step_ids": [
                        fields.Command.create(vals)
                        for vals in applied.step_ids._prepare_steps(record.sudo())
                    ],
                }
                for record, applied in rules.items()
            ]
        )
        for approval in approvals:
            approval._start_step(approval.step_ids[:1])
            approval._tell_record("ask_approval", self.env._("Approval asked for"))
        return untrusted(approvals)

    def _prepare_request(self, record, action, arguments):
        lines = record._qms_content(action, arguments)
        known = record.sudo()
        return {
            "res_model": record._name,
            "res_id": record.id,
            "record_name": known.display_name,
            "action": action,
            "arguments": arguments,
            "content_hash": record._qms_content_hash(action, arguments),
            "content": [[line.label, line.text or ""] for line in lines],
            "requester_id": self.env.uid,
            "company_id": "company_id" in known and known.company_id.id,
        }

    def _start_step(self, step):
        """Let the next step begin: who is asked gets an activity."""
        step.write(step._prepare_start())
        self.step_id = step
        self._ask(step._get_able())

    # -- Using it up -------------------------------------------------------------------

    @api.model
    def _spend(self, records, action, arguments):
        """Use up the approvals that allow ``action``; it closes the other requests.

        :param records: for which the action runs now
        """
        if records._name not in self.env["qms.approval.rule"]._get_guarded_models():
            return
        opened = self._search_open(records._name, records.ids, action)
        # one request allows the action once
        used = self.browse()
        for approval in opened._get_agreed(records, action, arguments):
            if approval.res_id not in used.mapped("res_id"):
                used |= approval
        used._close("used")
        (opened - used)._void(self.env._("It was done without this approval."))
