from odoo import models

from .signature_slot import match


class QmsApproval(models.Model):
    """Signature rules about approving: each voter signs his own vote.

    A rule of n signatures wants n different people who agreed and signed. Where those
    whom the steps ask are fewer, the last step goes on asking the group of the rule.
    """

    _inherit = "qms.approval"

    def _qms_get_slots(self, rules, action, arguments):
        slots = super()._qms_get_slots(rules, action, arguments)
        if action != "approve":
            return slots
        # sudo: who is in a group is no secret
        voter = self.env["res.users"].sudo().browse(arguments["approver_id"])
        mine = [slot for slot in slots if slot.is_open_to(voter)]
        missing = {slot.key for slot in mine and self._get_missing_slots(rules)}
        # one signature a vote: rather one that is missing, and rather a rule's
        mine.sort(key=lambda slot: (slot.key not in missing, bool(slot.user)))
        return [slot._replace(user=voter) for slot in mine[:1]]

    def _get_missing_slots(self, rules):
        """Return the signatures that rules ask for and that no vote has given yet.

        :param rules: the ``qms.signature.rule`` about approving this request
        :return: a list of :class:`Slot`
        """
        slots = rules._get_slots()
        signatures = self.env["qms.signature"]
        given = slots and self._get_signatures_of_votes()
        filled = match(slots, signatures._get_candidates(slots, given or []))
        return [slot for number, slot in enumerate(slots) if number not in filled]

    def _get_signatures_of_votes(self):
        # sudo: signatures of others count, whoever may read them
        votes = self.sudo().vote_ids.filtered(lambda vote: vote.decision == "approve")
        return (
            self.env["qms.signature"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("action", "=", "approve"),
                    ("is_spent", "=", True),
                    ("user_id", "in", votes.user_id.ids),
                ]
            )
        )

    def _await_signers(self):
        """Ask for the signatures that are missing when all have agreed.

        :return: whether there are any
        """
        groups = self.env["res.groups"].union(
            *(slot.group for slot in self._find_missing_slots())
        )
        if groups or self.step_id.signer_group_ids:
            self.step_id.signer_group_ids = groups
        if groups:
            self._stop_asking()
            self._ask(self.step_id._get_able())
        return bool(groups)

    def _find_missing_slots(self):
        rules = self.env["qms.signature.rule"]._find_for(self, "approve")
        return self._get_missing_slots(rules)

    def _get_signers_text(self):
        """Return whose signatures are missing, for people."""
        requests = self.env["qms.signature.request"]
        text = requests._get_missing_text(self._find_missing_slots())
        return self.env._("%s to sign", text)
