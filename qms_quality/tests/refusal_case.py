from odoo.exceptions import UserError


class RefusalMixin:
    """Tables of what is refused: the whole text that a person reads, and how."""

    def assertRefusals(self, *rows):
        """Check that each attempt is refused in exactly these words.

        :param rows: pairs of a text and a function
        """
        for text, attempt in rows:
            with self.subTest(text):
                # a refusal takes everything back
                with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
                    attempt()
                    self.env.flush_all()
                self.assertEqual(str(refusal.exception), text)
