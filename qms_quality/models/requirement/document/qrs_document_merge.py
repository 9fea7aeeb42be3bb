from odoo import models


class QmsQrsDocumentLine(models.Model):
    """Two order lines become one."""

    _inherit = "qms.qrs.document.line"

    def _merge_lines(self, line, merged):
        """Let a line take over what was adjusted on the lines that are merged into it.

        Where it was adjusted itself, the line keeps its own and says so.
        """
        for other in self._get_copies(merged).values():
            if other.manually_updated:
                self._merge_line(line, other)

    def _merge_line(self, line, other):
        own = self._get_copies(line).get(line.sudo())
        if own and own.manually_updated:
            if own._get_text() == other._get_text():
                return
            own.write({"notice": self._get_merged_text(other)})
        else:
            other._hand_to(line)
            own = self._get_copies(line)[line.sudo()]
            own.write({"notice": self._get_taken_text(other)})
        own._tell_kept()

    def _get_text(self):
        """Return all that is asked for, to compare it."""
        return self.criterion_ids.mapped("display_name"), self.instructions

    def _get_merged_text(self, other):
        return self.env._(
            "Merged with a line of %(order)s whose requirements were changed by hand,"
            " too, and otherwise.",
            order=other.document_name,
        )

    def _get_taken_text(self, other):
        return self.env._(
            "Changed by hand on %(order)s, and taken from there when that was merged"
            " into this order.",
            order=other.document_name,
        )
