from odoo import api, fields, models

from ..sentinel import trusted


class QmsSignature(models.Model):
    """Which signatures count for an action, and what is missing."""

    _inherit = "qms.signature"

    @api.model
    def _get_unsigned(self, records, action, arguments):
        """Return those of ``records`` that miss a signature for ``action``.

        What no rule guards costs no query.

        :param records: recordset of a guarded model
        :param str action: one of its guarded actions
        :param dict arguments: what the action is called with
        """
        if not self.env["qms.signature.rule"]._get_rule_ids(records._name, action):
            return records.browse()
        return records.filtered(
            lambda record: self._get_missing(record, action, arguments)
        )

    @api.model
    def _get_missing(self, record, action, arguments):
        """Return the rules that a signature is missing for: a rule for each of them.

        :return list: of ``qms.signature.rule``, one record each
        """
        slots = self._get_slots(record, action)
        if not slots:
            return []
        signatures = self._find_pending(record, action, arguments)
        filled = _match(slots, self._get_candidates(slots, signatures))
        return [slot for number, slot in enumerate(slots) if number not in filled]

    @api.model
    def _get_open_rules(self, record, action, arguments, user):
        """Return the rules that a signature of ``user`` would count for.

        Nobody fills two slots, and a slot that only others can fill isn't his.
        """
        slots = self._get_slots(record, action)
        signatures = self._find_pending(record, action, arguments)
        candidates = self._get_candidates(slots, signatures)
        filled = len(_match(slots, candidates))
        fitting = self.env["qms.signature.rule"].browse()
        if user in candidates:
            return fitting
        for rule in fitting.union(*slots):
            if rule.group_id in user.all_group_ids:
                numbers = {n for n, slot in enumerate(slots) if slot == rule}
                if len(_match(slots, {**candidates, user: numbers})) > filled:
                    fitting |= rule
        return fitting

    @api.model
    def _get_slots(self, record, action):
        """Return the rules for a record, each as often as it asks for a signature."""
        ids = self.env["qms.signature.rule"]._get_rule_ids(record._name, action)
        # sudo: rules apply to those, too, who may not read them
        rules = self.env["qms.signature.rule"].sudo().browse(ids)
        return [
            rule
            for rule in rules._filter_for(record)
            for _number in range(rule.signature_count)
        ]

    def _get_candidates(self, slots, signatures):
        """Return who signed and which slots that can count for: ``{user: numbers}``."""
        candidates = {}
        for one in signatures:
            numbers = {n for n, rule in enumerate(slots) if rule._accepts(one)}
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
        if not self.env["qms.signature.rule"]._get_rule_ids(records._name, action):
            return
        # sudo: nobody may write signatures
        left = self.sudo().search(self._get_pending_domain(records, action))
        trusted(left).write({"is_spent": True, "date_spent": fields.Datetime.now()})
        self.env["qms.signature.request"]._close(records, action)


def _match(slots, candidates):
    """Give each user at most one slot, so that as many as possible are filled.

    :param list slots: what is asked for
    :param dict candidates: ``{user: numbers of the slots he can fill}``
    :return dict: ``{number of the slot: user}``
    """
    filled = {}

    def _place(user, tried):
        for number in candidates[user]:
            if number in tried:
                continue
            tried.add(number)
            if number not in filled or _place(filled[number], tried):
                filled[number] = user
                return True
        return False

    for user in candidates:
        _place(user, set())
    return filled
