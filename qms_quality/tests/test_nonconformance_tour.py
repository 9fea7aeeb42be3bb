from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, freeze_time, tagged

from .common_story import ContaminationCase


@tagged("post_install", "-at_install", "qms_native")
class TestNonconformanceTour(ContaminationCase, HttpCase):
    """The contaminated ingredient in the browser, as four people."""

    def _open(self, record, path, tour, user):
        self._tour(f"/odoo/{path}/{record.id}", tour, user)

    def _tour(self, url, tour, user):
        # long, and slow on a machine that is busy with other things
        self.start_tour(url, tour, login=user.login, timeout=300)
        self.env.invalidate_all()

    def test_from_failed_test_to_closed_capa(self):
        order = self._make_dressing()
        # a third of it stands elsewhere
        self._stock_up(-20, self.lot_out)
        self._stock_up(20, self.lot_out, self.shelf)
        self._open(
            order, "quality-orders", "qms_story_inspector_investigates", self.inspector
        )
        case = order.case_id
        self.assertEqual(
            sorted(case.disposition_ids.mapped("kind")), ["scrap", "use_as_is"]
        )
        self._tour("/odoo", "qms_story_manager_approves", self.manager)
        self.assertEqual(case.state, "approval")
        self._tour("/odoo", "qms_story_plant_approves", self.plant)
        self._tour("/odoo", "qms_story_officer_approves", self.officer)
        self.assertEqual(case.state, "execution")
        self._open(
            case, "nonconformances", "qms_story_inspector_executes", self.inspector
        )
        self.assertEqual(self._quantity(self.stock, self.lot_out), 0)
        self.assertEqual(self._sum_held(self.lot_out), 20)
        self.assertFalse(case._get_open_holds())
        self._open(case, "nonconformances", "qms_story_manager_prevents", self.manager)
        capa = case.capa_ids
        self.assertEqual((capa.state, capa.verdict), ("check", "running"))
        picking = self._receive(["ING-02"], self.ingredient, quantity=50)
        self.assertEqual(self._orders(picking).test_ids.test_id, self.salmonella)
        with freeze_time(fields.Datetime.now() + timedelta(days=91)):
            capa.with_user(self.manager).action_count()
        self._open(capa, "capa", "qms_story_manager_closes", self.manager)
        self.assertEqual((case.state, capa.state), ("closed", "closed"))
