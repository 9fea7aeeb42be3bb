from odoo import api, fields, models


class QmsDocumentsMixin(models.AbstractModel):
    """A decision that documents carry out: which they are, and how far they have come.

    It has ``move_ids`` and ``state``.
    """

    _name = "qms.documents.mixin"
    _description = "Carried out by Documents"

    document_names = fields.Char(
        string="Documents",
        compute="_compute_document_names",
        compute_sudo=True,
        help="What was made to carry this out.",
    )

    def _get_documents(self):
        """Return what was made to carry this out: a list of recordsets.

        Extension point of each kind.
        """
        return [self.move_ids.picking_id]

    @api.depends_context("lang")
    @api.depends("state", "move_ids.picking_id.state")
    def _compute_document_names(self):
        for row in self:
            names = [
                f"{record.display_name} ({row._get_state_label(record)})"
                for records in row._get_documents()
                for record in records
            ]
            row.document_names = ", ".join(names) or False

    def _get_state_label(self, record):
        labels = dict(record._fields["state"]._description_selection(self.env))
        return labels.get(record.state, record.state)

    def action_open_documents(self):
        """Open what was made to carry this out: one kind of documents.

        :return: action
        :raise AccessError: if the user may not read it
        """
        self.ensure_one()
        # sudo: the rights are checked on what is opened
        found = [records for records in self.sudo()._get_documents() if records]
        records = self._choose_documents(found).sudo(False) if found else self
        records.check_access("read")
        return records._get_records_action()

    def _choose_documents(self, found):
        """Return which of the recordsets that were made is opened."""
        return found[0]
