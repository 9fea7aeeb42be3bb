from time import monotonic

from odoo.tests import HttpCase, tagged

from .common_capa import CapaCase


@tagged("post_install", "-at_install", "qms_native")
class TestCapaTour(CapaCase, HttpCase):
    """A CAPA made from a case in the browser, and the step of somebody else."""

    def test_a_minute_for_more_tests_of_a_suppliers_ingredients(self):
        group = self._make_weight_group("Microbiology tour")
        ingredients = self.env["product.category"].create({"name": "Ingredients tour"})
        self.product.categ_id = ingredients
        self.manager.password = self.manager.login
        case = self._make_case()
        start = monotonic()
        self.start_tour(
            f"/odoo/nonconformances/{case.id}",
            "qms_capa_from_case",
            login=self.manager.login,
        )
        self.assertLess(monotonic() - start, 60)
        capa = case.capa_ids
        self.assertEqual(
            capa.subject, "Microbiology of all ingredients from Green Farm"
        )
        self.assertEqual(capa.root_cause_id, self.cause)
        rule = capa.change_ids._get_changed()
        self.assertEqual(rule.test_group_id, group)
        self.assertEqual(rule.categ_ids, ingredients)
        order = self._orders(self._receive(["TOUR-CAPA"]))
        self.assertEqual(order.test_group_ids, group)

    def test_who_owns_a_step_reports_it(self):
        self.owner.password = self.owner.login
        step = self._begin()
        self.start_tour(
            f"/odoo/capa-steps/{step.id}", "qms_capa_step_done", login=self.owner.login
        )
        self.assertEqual(step.state, "done")
        self.assertEqual(step.done_by_id, self.owner)
