from odoo import models

from .claim import ANSWERS
from .claim_answer import REQUIRED, TEXT_LENGTH
from .claim_file import FILE_COUNT, FILE_SIZE, TYPES


class QmsSupplierClaim(models.Model):
    """What the page asks the vendor."""

    _inherit = "qms.supplier.claim"

    def _get_portal_questions(self):
        """Return the disciplines of the 8D report as the page shows them."""
        self.ensure_one()
        helps = self._get_portal_helps()
        return [
            {
                "name": name,
                "label": self._fields[name]._description_string(self.env),
                "help": helps[name],
                "value": self[name] or "",
                "required": name in REQUIRED,
                "length": TEXT_LENGTH,
            }
            for name in ANSWERS
        ]

    def _get_portal_helps(self):
        return {
            "answer_team": self.env._("Who works on it, and who leads."),
            "answer_problem": self.env._(
                "What you found yourselves: how many, since when, where else."
            ),
            "answer_containment": self.env._(
                "What you did at once, so that no more such goods reach us: stock,"
                " goods on the way, production."
            ),
            "answer_cause": self.env._(
                "Why it happened, why it wasn't found, and how you know."
            ),
            "answer_correction": self.env._(
                "What you change, who does it, until when, and how you saw that it"
                " works."
            ),
            "answer_prevention": self.env._(
                "What keeps it from coming back, here and at similar products."
            ),
        }

    def _get_portal_file_help(self):
        return self.env._(
            "At most %(count)s files of %(size)s MB: %(types)s.",
            count=FILE_COUNT,
            size=FILE_SIZE // 1024**2,
            types=", ".join(sorted(TYPES)),
        )
