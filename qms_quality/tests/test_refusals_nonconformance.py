from datetime import date

from odoo.tests import tagged

from .common_capa import CapaCase
from .common_claim import ClaimCase
from .common_disposition import DispositionCase
from .refusal_case import RefusalMixin


@tagged("post_install", "-at_install")
class TestDispositionRefusals(RefusalMixin, DispositionCase):
    """What people read who decide about goods, or try to go round that."""

    def test_case(self):
        case = self._make_case(self._make_lot("R-1")).with_user(self.inspector)
        self.assertRefusals(
            (
                "These fields of a nonconformance are set by its buttons only: State.",
                lambda: case.write({"state": "closed"}),
            ),
            (
                f"{case.name}: not a complaint of a customer.",
                case.action_answer,
            ),
        )
        case.with_user(self.manager).action_cancel("Mistake")
        self.assertRefusals(
            (
                f"{case.name}: closed or cancelled. Reopen it to test another sample.",
                case.action_test_sample,
            ),
            (
                "Nothing more is decided in cases that are closed or cancelled:"
                f" {case.name}. Reopen them first.",
                lambda: self._add(case, "scrap", 1),
            ),
        )

    def test_proposed(self):
        case, other = self._lot_case("R-2"), self._lot_case("R-3")
        row = self._add(case, "scrap", 10).with_user(self.inspector)
        self.assertRefusals(
            (
                "These fields of a disposition are set by its buttons only: State.",
                lambda: row.write({"state": "done"}),
            ),
            (
                "A disposition stays with its case: make a new one there.",
                lambda: row.write({"nonconformance_id": other.id}),
            ),
            (
                "Approve is for cases in the step Approval, not:"
                f" {case.name} (Disposition).",
                row.with_user(self.manager).action_approve,
            ),
        )
        self._approve(case)
        self.assertRefusals(
            (
                "These dispositions are decided and can't be changed:"
                f" {row.display_name} (Approved). Cancel one that isn't carried out"
                " yet, and propose another.",
                lambda: row.write({"quantity": 20}),
            ),
        )

    def test_documents_in_its_name(self):
        case = self._lot_case("R-4")
        row = self._add(case, "scrap", 10)
        move = self._picking("internal", 1).move_ids
        order = self.env["mrp.production"].search([], limit=1)
        self.assertRefusals(
            (
                "Which moves carry out a disposition is set by its button only.",
                lambda: move.write({"qms_disposition_id": row.id}),
            ),
            (
                "What carries out a disposition is made by carrying it out, so that no"
                " other goods leave in its name.",
                lambda: order.write({"qms_disposition_id": row.id}),
            ),
        )

    def test_answers(self):
        case = self._lot_case("R-5")
        asked = self._add(case, "customer", 30, partner_id=self.partner.id)
        sorted_ = self._add(case, "sort", 40, test_group_ids=self.group.ids)
        self._carry_out(case)
        asked, sorted_ = (
            asked.with_user(self.inspector),
            sorted_.with_user(self.inspector),
        )
        self.assertRefusals(
            (
                f"Write down what the customer said: {asked.display_name}.",
                asked.action_customer_accepts,
            ),
            (
                "The sorting isn't complete:\n"
                f"- {sorted_.display_name}: {sorted_.order_ids.name} is not validated"
                " yet.",
                sorted_.action_finish_sorting,
            ),
        )


@tagged("post_install", "-at_install")
class TestClaimRefusals(RefusalMixin, ClaimCase):
    """What people read who claim."""

    def test_claims(self):
        claim = self._send_claim()
        case = self._make_case()
        case.with_user(self.manager).action_cancel("Mistake")
        self.assertRefusals(
            (
                f"Claims that were sent stay: {claim.name} (Waiting for Vendor)."
                " Withdraw them instead.",
                claim.with_user(self.manager).unlink,
            ),
            (
                f"{case.name} is closed or cancelled. Reopen it before you claim.",
                case.action_make_claim,
            ),
        )


@tagged("post_install", "-at_install")
class TestCapaRefusals(RefusalMixin, CapaCase):
    """What people read who plan, do and prove."""

    def test_steps(self):
        step = self._begin()
        name, capa = self.capa.display_name, self.capa.with_user(self.manager)
        self.assertRefusals(
            (
                "Corrective or Preventive Action: these fields are set by its buttons"
                " only: State.",
                lambda: self.capa.write({"state": "closed"}),
            ),
            (
                "These steps are required by a plan, so only a quality manager can"
                " leave them out: Replace the sieve.",
                lambda: step.write({"required": False}),
            ),
            (
                "Somebody else is responsible for: Replace the sieve.",
                step.sudo().with_user(self.buyer).sudo().action_done,
            ),
            (
                "Say what proves that these steps are done, or attach a file:"
                " Replace the sieve.",
                step.with_user(self.owner).action_done,
            ),
            (
                f"Only CAPAs that nobody planned can be deleted, not: {name} (In"
                " Progress). Cancel them.",
                capa.unlink,
            ),
        )
        capa.action_cancel("Bought elsewhere")
        self.assertRefusals(
            (
                f"These CAPAs stay as they are: {name} (Cancelled). A quality manager"
                " can reopen them.",
                lambda: capa.write({"subject": "Else"}),
            ),
        )

    def test_proofs(self):
        step = self._begin().with_user(self.owner)
        step.attachment_ids = [(0, 0, {"name": "photo.jpg", "raw": b"x"})]
        step.action_done()
        duty = self._get_duty()
        proofs = self.env["qms.duty.proof"].with_user(self.owner)
        proof = proofs.create({"duty_id": duty.id, "text": "Certificate 4711"})
        mine = {"duty_id": duty.id, "text": "x"}
        self.assertRefusals(
            (
                "These files prove that something was done, and stay as they are:"
                " photo.jpg.",
                step.attachment_ids.unlink,
            ),
            (
                "Scale: say what shows it, or attach a file.",
                lambda: proofs.create({"duty_id": duty.id}),
            ),
            (
                "A proof stays as it was given: Scale. Give another one.",
                lambda: proof.write({"text": "Else"}),
            ),
            (
                "Somebody else is responsible for: Scale.",
                lambda: proofs.with_user(self.buyer).sudo().create(mine),
            ),
        )

    def _get_duty(self):
        change = self._make_change(
            kind="duty", duty_name="Scale", duty_days=30, duty_user_id=self.owner.id
        )
        change.with_user(self.manager).action_apply()
        return change._get_changed()

    def test_changes(self):
        change = self._make_change(kind="duty").with_user(self.manager)
        dialog = self.env["qms.capa.reason"].with_user(self.manager)
        self.assertRefusals(
            (
                "It can't be applied:\n"
                f"- {change.display_name}: say what is to be proved, every how many"
                " days, by whom",
                change.action_apply,
            ),
            ("There is nothing to open: ", change.action_open_changed),
            (
                "Open this dialog by a button of a CAPA.",
                dialog.create({"action": "cancel", "reason": "Late"}).action_confirm,
            ),
        )

    def test_reviews(self):
        review = self.env["qms.capa.review"].create(
            {
                "date_from": date(2030, 1, 1),
                "date_to": date(2030, 1, 31),
                "period": "month",
                "company_id": self.company.id,
            }
        )
        review = review.with_user(self.manager)
        self.assertRefusals(
            (
                f"Write what you conclude from: {review.display_name}.",
                review.action_review,
            ),
            ("Reviews are kept.", review.sudo().unlink),
        )
