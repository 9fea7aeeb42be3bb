from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common_story import ContaminationCase


@tagged("post_install", "-at_install")
class TestContaminatedIngredient(ContaminationCase):
    """From the failed test of a dressing to the closed CAPA about its supplier.

    Four people, each with his own group and no other: an inspector, a quality manager,
    a plant manager and a compliance officer.
    """

    def test_from_failed_test_to_closed_capa(self):
        case = self._fail_dressing()
        origin = self._find_ingredient(case)
        self._decide(case, origin)
        self._carry_out(case, origin)
        capa = self._prevent(case, origin)
        self._watch(capa)

    # -- The failure -------------------------------------------------------------------

    def _fail_dressing(self):
        order = self._make_dressing().with_user(self.inspector)
        order.result_ids.outcome = "fail"
        order.action_validate()
        case = order.case_id
        self.assertEqual((case.type, case.product_id), ("production", self.dressing))
        self.assertEqual(case.production_id, self.production)
        self.assertEqual(self.lot_out.inspection_status_id, self.on_hold)
        with self.assertRaises(UserError) as refused:
            self._delivery(5, self.lot_out, product=self.dressing)._action_done()
        self.assertIn(case.name, str(refused.exception))
        return case

    # -- The cause ---------------------------------------------------------------------

    def _find_ingredient(self, case):
        """The inspector finds the ingredient, and holds what is left of it."""
        case.action_investigate()
        used = case.sudo().production_id.move_raw_ids.move_line_ids.lot_id
        self.assertEqual(used, self.lot_in)
        with Form(self.Case.with_user(self.inspector)) as form:
            form.subject = "Salmonella in herb mix"
            form.type = "supplier"
            form.severity = "3_critical"
            form.product_id = self.ingredient
            form.lot_ids.add(self.lot_in)
            form.partner_id = self.partner
            form.related_ids.add(case)
        origin = form.save()
        self.assertEqual(self.lot_in.inspection_status_id, self.on_hold)
        origin.action_investigate()
        for one in case | origin:
            with Form(one) as form:
                form.root_cause_id = self.cause
                form.root_cause_text = "Herb mix ING-01 came in contaminated"
                with form.why_ids.new() as why:
                    why.name = "Why was there Salmonella in the dressing?"
                    why.answer = "It was in the herb mix, which nobody tested."
        (case | origin).action_dispose()
        return origin

    # -- The decision ------------------------------------------------------------------

    def _decide(self, case, origin):
        """All of the dressing is scrapped; the ingredient is first to be used on, which
        the compliance officer doesn't agree to."""
        scrap, use = case.action_list_goods(), origin.action_list_goods()
        self.assertEqual((scrap.quantity, use.quantity), (60, 70))
        scrap.write({"kind": "scrap", "reason": "Not fit for anything"})
        use.write({"kind": "use_as_is", "reason": "In products that are cooked"})
        (case | origin).action_submit()
        self.assertEqual(set((case | origin).mapped("state")), {"approval"})
        for user in (self.inspector, self.plant, self.officer):
            with self.assertRaises(UserError):
                self._get_request(scrap).with_user(user).action_approve()
        for row in scrap | use:
            self._agree(row, self.manager)
        self.assertEqual(set((scrap | use).mapped("state")), {"draft"})
        self._agree(scrap, self.plant)
        self.assertEqual((scrap.state, case.state), ("approved", "execution"))
        with self.assertRaises(UserError):
            self._get_request(use).with_user(self.plant).action_approve()
        self._refuse(use, self.officer, "Nothing of this lot is used for food")
        self.assertEqual((use.state, origin.state), ("draft", "approval"))
        origin.action_dispose()
        use.write({"kind": "scrap", "reason": "Destroyed, by order of compliance"})
        origin.action_submit()
        self._agree(use, self.manager)
        self._agree(use, self.plant)
        self.assertEqual((use.state, origin.state), ("approved", "execution"))

    def _get_request(self, row):
        return self.env["qms.approval"].search(
            [
                ("res_model", "=", row._name),
                ("res_id", "=", row.id),
                ("state", "=", "pending"),
            ]
        )

    def _agree(self, row, user):
        """Approve and sign, as the dialog does."""
        opened = self._get_request(row).with_user(user).action_approve()
        wizard = self.env[opened["res_model"]].with_user(user)
        wizard = wizard.browse(opened["res_id"])
        wizard.meaning_id = self.env.ref("qms_quality.meaning_approved")
        wizard.action_sign({"login": user.login, "secret": user.login})
        row.invalidate_recordset()

    def _refuse(self, row, user, comment):
        opened = self._get_request(row).with_user(user).action_reject()
        wizard = self.env[opened["res_model"]].with_user(user)
        wizard = wizard.browse(opened["res_id"])
        wizard.comment = comment
        wizard.action_reject()

    # -- Carrying it out ---------------------------------------------------------------

    def _carry_out(self, case, origin):
        self.assertEqual((self._sum_held(self.lot_out), case.state), (60, "execution"))
        (case | origin).action_execute()
        for lot, one in ((self.lot_out, case), (self.lot_in, origin)):
            self.assertEqual(self._sum_held(lot), 0)
            self.assertEqual(one.state, "follow_up")
            self.assertEqual(one.disposition_ids.state, "done")
        scraps = self.env["stock.scrap"].search(
            [("lot_id", "in", (self.lot_in | self.lot_out).ids)]
        )
        self.assertEqual(sorted(scraps.mapped("scrap_qty")), [60, 70])
        with self.assertRaises(UserError):
            case.action_execute()
        with self.assertRaises(AccessError):
            case.action_close()
        (case | origin).with_user(self.manager).action_close()
        self.assertEqual(set((case | origin).mapped("state")), {"closed"})

    # -- That it does not come back ----------------------------------------------------

    def _prevent(self, case, origin):
        """Microbiological testing of all ingredients from this supplier, at once."""
        manager = (case | origin).with_user(self.manager)
        context = manager.action_create_capa()["context"]
        capas = self.env["qms.capa"].with_user(self.manager).with_context(**context)
        with Form(capas) as form:
            form.subject = "Test all ingredients from this supplier"
            form.partner_id = self.partner
            form.root_cause_text = "Nobody tests what this supplier sends"
            form.check_days = 30
        capa = self.env["qms.capa"].with_user(self.manager).browse(form.save().id)
        self.assertEqual(capa.nonconformance_ids, case | origin)
        self.assertEqual(capa.root_cause_id, self.cause)
        step = self.env["qms.capa.action"].with_user(self.manager)
        step = step.create(
            {
                "capa_id": capa.id,
                "name": "Audit the supplier",
                "user_id": self.inspector.id,
                "date_deadline": fields.Date.today() + timedelta(days=7),
            }
        )
        change = self.env["qms.capa.change"].with_user(self.manager)
        change = change.create(
            {
                "capa_id": capa.id,
                "kind": "inspect",
                "event": "receipt",
                "test_group_id": self.microbiology.id,
                "partner_id": self.partner.id,
                "reason": "Nobody tests the ingredients of this supplier",
            }
        )
        capa.action_plan()
        capa.action_start()
        change.action_apply()
        picking = self._receive(["ING-02"], self.ingredient, quantity=50)
        orders = self._orders(picking)
        self.assertEqual(orders.test_ids.test_id, self.salmonella)
        with self.assertRaises(UserError):
            capa.action_check()
        step.with_user(self.inspector).proof = "Report of 20 March, chlorine was low"
        step.with_user(self.inspector).action_done()
        capa.action_check()
        self.assertEqual((capa.state, capa.verdict), ("check", "running"))
        return capa

    def _watch(self, capa):
        """Nothing comes again for thirty days, so it proposes to be closed."""
        with self.assertRaises(UserError):
            capa.action_close()
        with freeze_time(fields.Datetime.now() + timedelta(days=31)):
            capa.action_count()
            self.assertEqual(capa.verdict, "effective")
            with self.assertRaises(AccessError):
                capa.with_user(self.inspector).action_close()
            capa.action_close()
        self.assertEqual(capa.state, "closed")
        again = self._make_case(
            subject="Herb mix again",
            product_id=self.ingredient.id,
            partner_id=self.partner.id,
        )
        self.assertIn(capa.name, again.with_user(self.inspector).capa_warning)
