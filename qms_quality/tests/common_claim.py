from odoo.tests import Form, new_test_user

from .common_inspection import InspectionCase

ANSWER = {
    "answer_team": "Ms Brandt (lead), Mr Voss",
    "answer_problem": "412 of 9,000 jars since Monday",
    "answer_containment": "Stock blocked; two trucks called back",
    "answer_cause": "The sieve was torn, and nobody looks at it",
    "answer_correction": "New sieve, 22 November, Mr Voss",
    "answer_prevention": "The sieve is looked at every morning",
}


class ClaimCase(InspectionCase):
    """A supplier's case, the people who look after it, and two vendors' people.

    ``cls.vendor`` is the supplier, ``cls.contact`` works there and has a portal user,
    ``cls.vendor_user``; ``cls.rival_user`` is another vendor's.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.partner
        cls.vendor.write({"is_company": True, "email": "farm@green.example"})
        cls.contact = cls._make_contact("Anna Green", cls.vendor)
        cls.rival = cls.env["res.partner"].create(
            {"name": "Red Farm", "is_company": True, "email": "farm@red.example"}
        )
        cls.vendor_user = cls._make_portal_user("qms_vendor", cls.contact)
        cls.rival_user = cls._make_portal_user(
            "qms_rival", cls._make_contact("Bert Red", cls.rival)
        )
        cls.buyer = cls._make_user("qms_buyer", "purchase.group_purchase_user")
        cls.officer = cls._make_user(
            "qms_claim_officer", "qms_quality.group_compliance_officer"
        )

    @classmethod
    def _make_contact(cls, name, company):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "parent_id": company.id,
                "email": f"{name.split()[0].lower()}@{company.email.split('@')[1]}",
            }
        )

    @classmethod
    def _make_portal_user(cls, login, partner):
        return new_test_user(
            cls.env,
            login,
            groups="base.group_portal",
            name=partner.name,
            partner_id=partner.id,
            context={"no_reset_password": True},
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    @classmethod
    def _make_case(cls, **vals):
        """Return a supplier's case that an inspector opened."""
        return (
            cls.env["qms.nonconformance"]
            .with_user(cls.inspector)
            .create(
                {
                    "subject": "Stem pieces in the fruit",
                    "type": "supplier",
                    "partner_id": cls.vendor.id,
                    "product_id": cls.product.id,
                    "quantity": 120,
                    "description": "<p>Found in 3 of 5 samples.</p>",
                    **vals,
                }
            )
        )

    def _draft_claim(self, case=None, **vals):
        """Press the button on a case; return the draft as the inspector sees it."""
        action = (case or self._make_case()).action_make_claim()
        claim = self.env["qms.supplier.claim"].with_user(self.inspector)
        claim = claim.browse(action["res_id"])
        if vals:
            with Form(claim) as form:
                for name, value in vals.items():
                    form[name] = value
        return claim

    def _send_claim(self, claim=None):
        """Return a claim that was sent, with the mails that it caused."""
        claim = claim or self._draft_claim()
        claim.action_send()
        self.assertEqual(claim.state, "sent")
        return claim

    def _answered_claim(self):
        claim = self._send_claim()
        claim.write(ANSWER)
        claim.action_answer()
        self.assertEqual(claim.state, "answered")
        return claim

    def _get_trail(self, record):
        """Return the events of a record's audit trail, the first first."""
        entries = self.env["qms.audit.entry"]
        entries._write_pending()
        found = entries.search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)], order="id"
        )
        return list(dict.fromkeys(found.mapped("event")))

    def _get_mail(self, claim):
        """Return the newest message that the claim's vendor got."""
        messages = claim.sudo().message_ids
        return messages.filtered(lambda one: claim.partner_id in one.partner_ids)[:1]
