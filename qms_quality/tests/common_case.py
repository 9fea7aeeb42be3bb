from .common_inspection import InspectionCase

OFFICER = "qms_quality.group_compliance_officer"
PLANT = "qms_quality.group_plant_manager"


class NonconformanceCase(InspectionCase):
    """Small factories for failed orders and their cases.

    A failed order opens its case. ``cls.plant`` is the plant manager, ``cls.officer``
    the compliance officer; neither has other rights in Quality.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.qms_open_cases = True
        cls.plant = cls._make_user("qms_plant", PLANT)
        cls.officer = cls._make_user("qms_officer", OFFICER)
        cls.cause = cls.env.ref("qms_quality.root_cause_supplier")
        cls.Case = cls.env["qms.nonconformance"]

    def _fail_order(self, **kwargs):
        """Receive goods that fail their inspection; return the validated order."""
        order = self._receive_order(**kwargs)
        self._fail(order)
        return order

    def _fail(self, order):
        self._fill(order, fail=True)
        order.with_user(self.inspector).action_validate()

    def _make_case(self, lots=None, user=None, **vals):
        """Open a case by hand, as an inspector."""
        if lots:
            vals["product_id"] = lots.product_id.id
            vals["lot_ids"] = [(6, 0, lots.ids)]
        case = self.Case.with_user(user or self.inspector).create(
            {"subject": "Dented", **vals}
        )
        return case.with_user(self.env.user)

    def _explain(self, case):
        """Say why it happened, as an inspector."""
        case.with_user(self.inspector).write(
            {"root_cause_id": self.cause.id, "root_cause_text": "The farm's cooling"}
        )

    def _bring_to_disposition(self, case):
        """Take the steps until it is decided about the goods, as an inspector."""
        if case.state == "initiation":
            case.with_user(self.inspector).action_investigate()
        self._explain(case)
        case.with_user(self.inspector).action_dispose()

    def _case_holds(self, case):
        """Return the open holds of a case: status, lot, place of each."""
        holds = self.env["qms.hold"]._search_open(case._name, case.ids)
        return [(hold.status_id, hold.lot_id, hold.location_id) for hold in holds]
