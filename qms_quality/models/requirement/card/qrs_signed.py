from odoo import api, models

from ...evidence.content import ContentLine, field_line, raw_value


class QmsQrs(models.Model):
    """What is signed or approved when a card is put in force."""

    _inherit = "qms.qrs"

    @api.model
    def _qms_guarded_actions(self):
        return {
            **super()._qms_guarded_actions(),
            "activate": self.env._("Put a card of requirements in force"),
        }

    def _qms_signed_content(self, action, arguments):
        return [
            *super()._qms_signed_content(action, arguments),
            *(field_line(self, name) for name in self._get_signed_fields()),
            *(
                one._prepare_signed_line()
                for line in self.line_ids
                for one in (line, *line.criterion_ids)
            ),
        ]

    @api.model
    def _get_signed_fields(self):
        return [
            "code",
            "description",
            "version",
            "type",
            "partner_ids",
            "location_id",
            "date_from",
            "date_to",
            "company_id",
            "note",
        ]

    def _qms_get_involved_users(self, action):
        # sudo: who wrote it is looked at whoever approves
        card = self.sudo()
        parts = card.line_ids.write_uid | card.line_ids.criterion_ids.write_uid
        writers = card.create_uid | card.write_uid | parts
        return super()._qms_get_involved_users(action) | writers


class QmsQrsLine(models.Model):
    _inherit = "qms.qrs.line"

    def _prepare_signed_line(self):
        """Return what this line is about, as a line of what is signed."""
        self.ensure_one()
        value = [*self._get_target(), self.use or None, self.instructions or None]
        return ContentLine(
            f"line {self.id}", self.display_name, value, self.instructions or ""
        )

    def _qms_content_changed(self):
        """Void the requests on the cards, if what they ask has changed."""
        self.qrs_id._qms_content_changed()


class QmsQrsCriterion(models.Model):
    _inherit = "qms.qrs.criterion"

    def _prepare_signed_line(self):
        """Return what this criterion asks for, as a line of what is signed."""
        self.ensure_one()
        names = [*self._get_checked_fields(), "departure"]
        departures = dict(self._fields["departure"]._description_selection(self.env))
        return ContentLine(
            f"criterion {self.id}",
            self.line_id.display_name,
            [raw_value(self, name) for name in names],
            f"{self.expected} ({departures[self.departure]})",
        )

    def _qms_content_changed(self):
        self.line_id._qms_content_changed()
