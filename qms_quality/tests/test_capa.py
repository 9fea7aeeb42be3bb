from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_capa import CapaCase


@tagged("post_install", "-at_install")
class TestCapa(CapaCase):
    """The stages of a CAPA, its steps, and who may what."""

    def test_from_case_to_closed(self):
        case = self._make_case()
        action = case.with_user(self.inspector).action_create_capa()
        model = self.env["qms.capa"].with_user(self.inspector)
        with Form(model.with_context(**action["context"])) as form:
            form.check_days = 30
            form.root_cause_text = "The sieve was torn."
        capa = form.record
        self.assertRegex(capa.name, r"^CAPA/\d{4}/\d{5}$")
        self.assertEqual(capa.subject, case.subject)
        self.assertEqual(capa.source, "nonconformance")
        self.assertEqual(capa.root_cause_id, self.cause)
        self.assertEqual(capa.product_id, self.product)
        self.assertEqual(capa.partner_id, self.partner)
        self.assertEqual(case.capa_ids, capa)
        with freeze_time("2030-01-01 08:00:00"):
            step = self._begin(capa)
            self.assertEqual(self._activities(step, self.owner), ["Replace the sieve"])
            step.with_user(self.owner).write({"proof": "Photo"})
            step.with_user(self.owner).action_done()
            self.assertEqual(step.done_by_id, self.owner)
            self.assertFalse(self._activities(step))
            self.assertEqual(self._activities(capa), ["All steps are done"])
            capa.action_check()
            self.assertEqual(capa.verdict, "running")
        with freeze_time("2030-02-01 08:00:00"):
            self._count()
            self.assertEqual(capa.verdict, "effective")
            self.assertEqual(self._activities(capa), ["Effective: close it"])
            capa.with_user(self.manager).action_close()
        self.assertEqual(capa.state, "closed")
        self.assertEqual(capa.closed_by_id, self.manager)
        self.assertFalse(self._activities(capa))

    def test_from_several_cases(self):
        """What they don't have in common is left open."""
        other = self._make_product("Cream")
        cases = self._make_case() | self._make_case(product_id=other.id)
        context = cases.with_user(self.inspector).action_create_capa()["context"]
        self.assertEqual(context["default_partner_id"], self.partner.id)
        self.assertEqual(context["default_root_cause_id"], self.cause.id)
        self.assertNotIn("default_product_id", context)
        self.assertEqual(context["default_nonconformance_ids"], cases.ids)

    def test_the_form_takes_over_what_cases_have_in_common(self):
        case = self._make_case()
        with Form(self.env["qms.capa"].with_user(self.inspector)) as form:
            form.subject = "No stones"
            form.nonconformance_ids.add(case)
            self.assertEqual(form.partner_id, self.partner)
            self.assertEqual(form.root_cause_id, self.cause)
            self.assertEqual(form.source, "nonconformance")

    # -- What is missing ---------------------------------------------------------------

    def test_a_plan_must_be_complete(self):
        capa = self._make_capa(
            partner_id=False,
            root_cause_id=False,
            root_cause_text=False,
            check_days=0,
        )
        with self.assertRaises(UserError) as error:
            capa.action_plan()
        self.assertEqual(
            str(error.exception),
            "The plan isn't complete:"
            f"\n- {capa.name}: say by what it is known again: cause, product, supplier"
            " or work center"
            f"\n- {capa.name}: say for how many days it is watched"
            f"\n- {capa.name}: choose the root cause"
            f"\n- {capa.name}: describe the root cause"
            f"\n- {capa.name}: add a step or a rule change",
        )
        self.assertEqual(capa.state, "open")

    def test_what_is_required_comes_first(self):
        step = self._begin()
        optional = self._make_step(required=False, name="Audit")
        self._make_change(kind="block")
        with self.assertRaises(UserError) as error:
            self.capa.action_check()
        self.assertEqual(
            str(error.exception),
            "The effectiveness can't be checked yet:"
            f"\n- {self.capa.name}: the step “Replace the sieve” isn't done"
            f"\n- {self.capa.name}: apply or refuse: Block a supplier · Green Farm",
        )
        step.write({"needs_proof": False})
        step.action_done()
        self.capa.change_ids.with_user(self.manager).action_refuse("He mended it.")
        self.capa.action_check()
        self.assertEqual(optional.state, "todo")

    def test_no_step_is_done_without_its_proof(self):
        step = self._begin().with_user(self.owner)
        with self.assertRaisesRegex(UserError, "what proves .*: Replace the sieve"):
            step.action_done()
        step.attachment_ids = [(0, 0, {"name": "photo.jpg", "raw": b"x"})]
        step.action_done()
        self.assertEqual(step.state, "done")
        file = step.attachment_ids
        self.assertEqual((file.res_model, file.res_id), (step._name, step.id))
        for act in (lambda: file.write({"raw": b"y"}), file.unlink):
            with self.assertRaisesRegex(UserError, "stay as they are: photo.jpg"):
                act()

    def test_closing_waits_for_the_verdict(self):
        with freeze_time("2030-01-01 08:00:00"):
            self._watch()
            capa = self.capa.with_user(self.manager)
            with self.assertRaisesRegex(UserError, "the check goes on"):
                capa.action_close()
            capa.action_count()
            with self.assertRaisesRegex(UserError, "no recurrence, 0 lots inspected"):
                capa.action_close()

    # -- Ends --------------------------------------------------------------------------

    def test_cancelled_and_opened_again_with_a_reason(self):
        step = self._begin()
        capa = self.capa.with_user(self.manager)
        action = capa.action_cancel()
        wizard = self.env[action["res_model"]].with_user(self.manager)
        wizard = wizard.browse(action["res_id"])
        with self.assertRaisesRegex(UserError, "Say why."):
            wizard.action_confirm()
        wizard.reason = "Bought elsewhere"
        wizard.action_confirm()
        self.assertEqual(capa.state, "cancelled")
        self.assertFalse(self._activities(step))
        entries = self.env["qms.audit.entry"].search(
            [("res_model", "=", "qms.capa"), ("res_id", "=", capa.id)]
        )
        self.assertIn("Bought elsewhere", entries.mapped("reason"))
        for act in (
            lambda: capa.write({"subject": "Else"}),
            lambda: step.with_user(self.manager).write({"name": "Else"}),
            lambda: self._make_step(),
            lambda: self._make_change(kind="block"),
            lambda: step.with_user(self.owner).action_done(),
        ):
            with self.assertRaisesRegex(UserError, "stay as they are: .*Cancelled"):
                act()
        capa.action_reopen("He is back")
        self.assertEqual(capa.state, "open")
        self.assertFalse(capa.date_closed)

    def test_only_fresh_ones_are_deleted(self):
        fresh = self._make_capa()
        self._make_step(fresh)
        fresh.with_user(self.manager).unlink()
        self.assertFalse(fresh.exists())
        self._begin()
        with self.assertRaisesRegex(UserError, "Only CAPAs that nobody planned"):
            self.capa.with_user(self.manager).unlink()

    def test_a_step_is_given_up_with_a_reason(self):
        step = self._begin()
        with self.assertRaisesRegex(AccessError, "required by a plan"):
            step.action_give_up("No time")
        with self.assertRaisesRegex(AccessError, "required by a plan"):
            step.write({"required": False})
        with self.assertRaisesRegex(AccessError, "required by a plan"):
            step.unlink()
        action = step.with_user(self.manager).action_give_up()
        self.assertEqual(action["res_model"], "qms.capa.reason")
        step.with_user(self.manager).action_give_up("Another machine")
        self.assertEqual(
            (step.state, step.end_reason), ("cancelled", "Another machine")
        )
        self.capa.action_check()
        self.assertEqual(self.capa.state, "check")

    def test_a_done_step_is_opened_again(self):
        step = self._begin()
        step.write({"proof": "Photo"})
        step.action_done()
        with self.assertRaisesRegex(UserError, "Changing isn't possible"):
            step.write({"proof": "Else"})
        step.action_todo()
        self.assertFalse(step.date_done)
        self.assertEqual(self._activities(step, self.owner), ["Replace the sieve"])

    # -- People ------------------------------------------------------------------------

    def test_who_owns_a_step_sees_that_and_no_more(self):
        step = self._begin()
        other = self._make_step(self._make_capa(), user_id=self.manager.id)
        steps = self.env["qms.capa.action"].with_user(self.owner)
        self.assertEqual(steps.search([("company_id", "=", self.company.id)]), step)
        self.assertEqual(
            self.env["qms.capa"].with_user(self.owner).search([]), self.capa
        )
        Form(step.with_user(self.owner))
        Form(self.capa.with_user(self.owner))
        for act in (
            lambda: other.with_user(self.owner).action_done(),
            lambda: step.with_user(self.owner).write({"date_deadline": "2031-01-01"}),
            lambda: step.with_user(self.owner).action_give_up("No"),
            lambda: self.capa.with_user(self.owner).write({"subject": "Else"}),
            lambda: self.capa.with_user(self.owner).action_plan(),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_a_step_passed_on_asks_the_other_one(self):
        step = self._begin()
        step.user_id = self.buyer
        self.assertFalse(self._activities(step, self.owner))
        self.assertEqual(self._activities(step, self.buyer), ["Replace the sieve"])

    def test_inspectors_do_not_close_cancel_or_reopen(self):
        self._watch()
        for name in ("action_close", "action_cancel", "action_reopen"):
            with self.assertRaisesRegex(AccessError, "Only members of the group"):
                getattr(self.capa, name)()

    def test_stages_are_set_by_buttons_only(self):
        for vals in ({"state": "closed"}, {"closed_by_id": self.inspector.id}):
            with self.assertRaisesRegex(AccessError, "set by its buttons only"):
                self.capa.write(vals)
            with self.assertRaisesRegex(AccessError, "set by its buttons only"):
                self._make_capa(**vals)
        model = self.env["qms.capa"].with_user(self.inspector)
        made = model.with_context(default_state="closed").create({"subject": "X"})
        self.assertEqual(made.state, "open")

    # -- Rules -------------------------------------------------------------------------

    def test_a_plan_is_approved_by_another_one(self):
        self._make_rule(guarded="qms.capa:plan")
        self._make_step()
        self.capa.action_plan()
        self.assertEqual(self.capa.state, "open")
        request = self._get_request(self.capa)
        self._approve(request, self.manager)
        self.assertEqual(self.capa.state, "planned")

    def test_a_changed_plan_is_approved_anew(self):
        self._make_rule(guarded="qms.capa:plan")
        self._make_step()
        self._save()
        self.capa.action_plan()
        request = self._get_request(self.capa)
        self.capa.root_cause_text = "Something else"
        self._save()
        self.assertEqual(request.state, "void")
        self.capa.action_plan()
        request = self._get_request(self.capa)
        self.capa.action_ids.name = "Another step"
        self._save()
        self.assertEqual(request.state, "void")

    def _save(self):
        """Do what Odoo does at the end of a request."""
        self.env.flush_all()
        self.env.cr.precommit.run()

    def test_guarded_actions_are_offered_to_rules(self):
        found = dict(self.env["qms.approval.rule"]._selection_guarded())
        for action in ("plan", "close", "cancel", "reopen"):
            self.assertIn(f"qms.capa:{action}", found)
        self.assertIn("qms.capa.change:apply", found)
        self.assertIn("qms.capa.review:review", found)

    # -- Earlier ones ------------------------------------------------------------------

    def test_a_new_case_shows_what_was_done_before(self):
        with freeze_time("2030-01-01 08:00:00"):
            self._watch()
        with freeze_time("2030-02-02 08:00:00"):
            self._count()
            self.capa.with_user(self.manager).action_close()
        other = self._make_capa(partner_id=False, root_cause_id=self.other_cause.id)
        mine = self._make_capa()
        case = self._make_case(capa_ids=[(6, 0, mine.ids)])
        self.assertEqual(case.earlier_capa_ids, self.capa)
        self.assertEqual(
            case.capa_warning,
            f"{self.capa.display_name} was closed as effective: same cause, supplier.",
        )
        plain = self._make_case(partner_id=False, root_cause_id=self.other_cause.id)
        self.assertEqual(plain.earlier_capa_ids, other)
        self.assertFalse(plain.capa_warning)
        none = self._make_case(
            partner_id=False, root_cause_id=False, product_id=self.untracked.id
        )
        self.assertFalse(none.earlier_capa_ids)

    def test_an_address_of_the_supplier_is_the_supplier(self):
        address = self.env["res.partner"].create(
            {"name": "Barn", "parent_id": self.partner.id}
        )
        case = self._make_case(partner_id=address.id, root_cause_id=False)
        self.assertEqual(case.earlier_capa_ids, self.capa)

    def test_the_list_takes_as_many_queries_for_many(self):
        for number in range(5):
            self._make_step(self._make_capa(subject=f"No {number}"))
        names = ["progress", "step_late_count", "is_late", "verdict", "check_text"]
        model = self.env["qms.capa"].with_user(self.inspector)
        domain = [("subject", "like", "No ")]
        model.search(domain).read(names)
        self.env.invalidate_all()
        with self.assertQueryCount(7):
            model.search(domain).read(names)

    def test_many_cases_take_as_many_queries_as_one(self):
        cases = self._make_case()
        for _number in range(5):
            cases |= self._make_case(product_id=self.untracked.id)
        counts = []
        for some in (cases[:1], cases):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("capa_warning")
            some.mapped("earlier_capa_ids")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_reports_print(self):
        self._watch()
        reports = self.env["ir.actions.report"].with_user(self.inspector)
        html, _kind = reports._render_qweb_html(
            "qms_quality.report_capa", self.capa.ids
        )
        for text in ("Replace the sieve", "Torn sieve", "Photo of the new one"):
            self.assertIn(text, html.decode())
