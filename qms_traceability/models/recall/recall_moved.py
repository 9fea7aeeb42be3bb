from odoo import fields, models

from .recall_customer import INTERNAL


class QmsRecallCustomer(models.Model):
    """A customer may have been told of goods that turn out to be another's."""

    _inherit = "qms.recall.customer"

    moved_documents = fields.Char(
        string="Went to Another",
        readonly=True,
        groups=INTERNAL,
        help="Deliveries whose customer was changed after this notice was sent: who got"
        " these goods has a notice of his own.",
    )

    def _note_moved(self, gone, own):
        """Note the documents that are another customer's by now.

        :param set gone: names of those that have become so
        :param set own: names of those that are this customer's, maybe once more
        """
        self.ensure_one()
        before = set((self.moved_documents or "").split(", ")) - {""}
        moved = ", ".join(sorted((before | gone) - own)) or False
        if moved != self.moved_documents:
            self.moved_documents = moved


class QmsRecall(models.Model):
    """Deliveries whose customer was changed since they were found.

    Who was told already stays, and is marked; who was not is forgotten.
    """

    _inherit = "qms.recall"

    def _drop_deliveries(self, found, known, customers):
        """Remove deliveries that are another customer's now.

        :param list found: of ``Delivered``
        :param dict known: ``{(goods, customer's row, document): row}``
        """
        now = {(one.goods, customers[one.partner], one.document) for one in found}
        stale = self.env["qms.recall.delivery"].union(
            *(row for key, row in known.items() if key not in now)
        )
        gone = stale.grouped("customer_id")
        for customer in self.customer_ids.filtered("date_told"):
            own = {document for _goods, row, document in now if row == customer}
            rows = gone.get(customer, stale.browse())
            customer._note_moved(set(rows.mapped("document")) - {False}, own)
        stale.unlink()

    def _drop_untold(self, found, customers):
        """Remove what nobody was told of, and what nothing is left of."""
        now = {(customers[one.partner], one.goods) for one in found}
        untold = self.customer_ids.filtered(lambda one: not one.date_told)
        untold.line_ids.filtered(
            lambda line: (line.customer_id, line._get_goods()) not in now
        ).unlink()
        untold.invalidate_recordset(["line_ids"])
        untold.filtered(lambda one: not one.line_ids).unlink()
        self.invalidate_recordset(["customer_ids"])
