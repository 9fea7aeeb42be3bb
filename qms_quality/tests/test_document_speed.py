from unittest.mock import patch

from odoo.fields import Command
from odoo.sql_db import Cursor

from .common_document import RequiredCase

# The ORM inserts records in parts of this size.
PART = 100


class TestDocumentSpeed(RequiredCase):
    """An order's lines get their copies in one pass, however many they are."""

    def _make_lines(self, count):
        products = [self._make_product(f"Product {n}") for n in range(10)]
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.partner.id,
                "picking_type_id": self.warehouse.in_type_id.id,
            }
        )
        order.order_line = [
            Command.create(
                {"product_id": products[n % 10].id, "product_qty": 1, "price_unit": 1}
            )
            for n in range(count)
        ]
        return order.order_line

    def _collect(self, lines):
        """Return the statements that finding the copies of ``lines`` takes."""
        self.env.flush_all()
        self.env.invalidate_all()
        said = []
        execute = Cursor.execute

        def collect(cursor, query, params=None, log_exceptions=True):
            said.append(str(getattr(query, "code", query)).split()[0].upper())
            return execute(cursor, query, params, log_exceptions)

        with patch.object(Cursor, "execute", collect):
            lines.browse(lines.ids)._qms_derive_requirements()
            self.env.flush_all()
        return said

    def test_five_hundred_lines(self):
        """Nothing grows from 50 lines to 500 but the parts in which the ORM writes."""
        few, many = self._make_lines(50), self._make_lines(500)
        self._make_card("purchase", self.partner)
        self._collect(self._make_lines(2))  # fills the server's caches
        said_few, said_many = self._collect(few), self._collect(many)
        self.assertEqual(len(self._copies(many)), 500)
        self.assertEqual(len(self._copies(many).criterion_ids), 500)
        asked = [said.count("SELECT") for said in (said_few, said_many)]
        self.assertLessEqual(asked[1] - asked[0], 1)
        # copies, criteria and their company, each in four parts more
        self.assertLessEqual(len(said_many) - len(said_few), 3 * (500 // PART - 1) + 2)

    def test_changes_of_five_hundred_lines(self):
        """Another card for all lines at once: as above."""
        first = self._make_card("purchase", self.partner)
        few, many = self._make_lines(50), self._make_lines(500)
        first.with_user(self.keeper).action_deactivate()
        self._make_card("purchase", self.partner, country=self.france, code="second")
        said = []
        for lines in (few, many):
            # by the database, so that nothing is found anew meanwhile
            self._copies(lines)
            self.env.cr.execute(
                "UPDATE qms_qrs_document_line SET date = '2001-01-01'"
                " WHERE res_model = 'purchase.order.line' AND res_id IN %s",
                [tuple(lines.ids)],
            )
            said.append(self._collect(lines))
            codes = set(self._copies(lines).criterion_ids.country_ids.mapped("code"))
            self.assertEqual(codes, {"FR"})
        # the copies twice, criteria, their company and what is deleted
        self.assertLessEqual(len(said[1]) - len(said[0]), 6 * (500 // PART - 1))

    def test_without_cards_nothing_is_asked(self):
        """Orders of a database without cards cost no query more."""
        self._forget_requirements()
        lines = self._make_lines(20)
        self.env["qms.qrs"]._qms_is_used()
        self.env["qms.qrs.document.line"]._qms_has_copies()
        self.assertEqual(self._collect(lines), [])
