from datetime import date

from .common import MANAGER
from .common_approval import ApprovalCase


class CapaCase(ApprovalCase):
    """Small factories for cases, CAPAs and what they change.

    ``cls.capa`` is about ``cls.partner`` and the cause ``cls.cause``; ``cls.owner``
    owns its steps and has no rights in Quality.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls._make_user("qms_owner")
        cls.buyer = cls._make_user("qms_buyer", "purchase.group_purchase_user")
        cls.cause = cls.env["qms.root.cause"].create({"name": "Torn sieve"})
        cls.other_cause = cls.env["qms.root.cause"].create({"name": "Wrong label"})
        # nobody else is a manager whom something could be brought to
        managers = cls.env.ref(MANAGER)
        managers.user_ids -= managers.user_ids - cls.manager - cls.second
        cls.capa = cls._make_capa()

    @classmethod
    def _make_capa(cls, **vals):
        return (
            cls.env["qms.capa"]
            .with_user(cls.inspector)
            .create(
                {
                    "subject": "No stones in fruit",
                    "partner_id": cls.partner.id,
                    "root_cause_id": cls.cause.id,
                    "root_cause_text": "The sieve was torn.",
                    "check_days": 30,
                    **vals,
                }
            )
        )

    @classmethod
    def _make_step(cls, capa=None, **vals):
        return (
            cls.env["qms.capa.action"]
            .with_user(cls.inspector)
            .create(
                {
                    "capa_id": (capa or cls.capa).id,
                    "name": "Replace the sieve",
                    "user_id": cls.owner.id,
                    "date_deadline": date(2030, 1, 10),
                    **vals,
                }
            )
        )

    @classmethod
    def _make_change(cls, capa=None, **vals):
        return (
            cls.env["qms.capa.change"]
            .with_user(cls.inspector)
            .create({"capa_id": (capa or cls.capa).id, **vals})
        )

    @classmethod
    def _make_case(cls, **vals):
        """Return a case about goods of the partner, of the CAPA's cause."""
        values = {
            "subject": "Stone in the fruit",
            "partner_id": cls.partner.id,
            "product_id": cls.product.id,
            "root_cause_id": cls.cause.id,
            "hold_goods": False,
        }
        return (
            cls.env["qms.nonconformance"]
            .with_user(cls.inspector)
            .create({**values, **vals})
        )

    def _begin(self, capa=None, **step):
        """Take a CAPA with one step as far as *in progress*; return the step."""
        capa = capa or self.capa
        step = self._make_step(capa, **step)
        capa.action_plan()
        capa.action_start()
        return step

    def _watch(self, capa=None):
        """Take a CAPA as far as its check; return that."""
        capa = capa or self.capa
        step = self._begin(capa)
        step.with_user(self.owner).write({"proof": "Photo of the new one"})
        step.with_user(self.owner).action_done()
        capa.action_check()
        return capa.check_ids

    def _run(self, job, limit=None):
        """Run a scheduled action as the server does.

        :param str job: external id, without the module's name
        :param int limit: size of a batch
        """
        cron = self.env.ref(f"qms_quality.{job}")
        if limit:
            cron.code = cron.code.replace("()", f"(limit={limit})")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def _count(self):
        self._run("cron_capa_count")

    def _activities(self, record, user=None):
        """Return the summaries of what people have to do about a record."""
        domain = [("res_model", "=", record._name), ("res_id", "in", record.ids)]
        if user:
            domain.append(("user_id", "=", user.id))
        return self.env["mail.activity"].search(domain).mapped("summary")
