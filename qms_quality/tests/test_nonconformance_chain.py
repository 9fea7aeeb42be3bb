from odoo.tests import tagged

from .common_disposition import DispositionCase

REPORT = "qms_quality.report_nonconformance"


@tagged("post_install", "-at_install")
class TestNonconformanceChain(DispositionCase):
    """The chain tells what was decided, who did it and what came of it."""

    def test_what_was_carried_out(self):
        case = self._lot_case()
        self._add(case, "scrap", 30, reason="Sour")
        self._add(case, "use_as_is", 70, is_separate=True)
        self._carry_out(case)
        reader = case.with_user(self.inspector)
        self.assertEqual(
            [(step.label, step.tone) for step in reader._get_chain()],
            [("Reported", "danger"), ("Scrap", "success"), ("Use as is", "success")],
        )
        scrap, used = reader._get_chain()[1:]
        self.assertEqual(scrap.title, "30 Units · L-1")
        self.assertEqual(scrap.texts[0], "Done")
        self.assertRegex(scrap.texts[1], r"^Approved by qms_manager.*, ../../....$")
        self.assertRegex(scrap.texts[2], r"^Carried out by qms_inspector.*,")
        self.assertIn("Sour", scrap.texts)
        row = case.disposition_ids.filtered(lambda one: one.kind == "use_as_is")
        child = row.child_lot_id
        self.assertTrue(child)
        self.assertEqual(used.documents[:1], list(child))
        html = reader.chain
        self.assertIn(f"/odoo/stock.lot/{child.id}", html)
        self.assertIn("30 Units", html)
        # on paper nothing is a link
        reports = self.env["ir.actions.report"].with_user(self.inspector)
        paper, _kind = reports._render_qweb_html(REPORT, case.ids)
        self.assertIn("30 Units", paper.decode())
        self.assertNotIn("/odoo/stock.lot", paper.decode())
