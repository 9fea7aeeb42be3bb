from odoo import api, models
from odoo.fields import Command

RECEIVING = (
    "test_packaging",
    "test_papers",
    "group_receiving",
    "line_packaging",
    "line_papers",
    "association_receipt",
    "rule_return",
)
OUTPUT = (
    "test_appearance",
    "group_output",
    "line_appearance",
    "association_output",
)
DISPOSITIONS = ("approve_disposition", "approve_effort", "approve_use_as_is")
CAPAS = ("approve_capa_plan", "approve_capa_close")
# Rules that only compliance officers may make.
COMPLIANCE = {
    "sign_validate",
    "sign_release",
    "approve_release",
    *DISPOSITIONS,
    *CAPAS,
}
# Settings of the company: field and value.
SWITCHES = {"switch_reportable": ("qms_complaint_reportable", True)}
OFFICER = "qms_quality.group_compliance_officer"
STARTING_POINTS = {
    "receiving": RECEIVING,
    "food": (
        *RECEIVING,
        "test_temperature",
        "test_dates",
        "line_temperature",
        "line_dates",
        *OUTPUT,
    ),
    "regulated": (
        *RECEIVING,
        *OUTPUT,
        "test_record",
        "line_record",
        "rule_unbuild",
        "rule_count",
        *sorted(COMPLIANCE),
        *SWITCHES,
    ),
    "dispositions": DISPOSITIONS,
    "capas": CAPAS,
}


class QmsStartingPoint(models.AbstractModel):
    """Sensible rules to start with, switched on by a button and adjusted afterwards.

    A starting point is a list of records. Each is made once per company; switching on
    again restores what was archived or deleted, and leaves alone what people changed.
    """

    _name = "qms.starting.point"
    _description = "Starting Point"

    # -- What each is made of ----------------------------------------------------------

    @api.model
    def _get_keys(self, name):
        """Return what a starting point switches on. Add-ons add theirs.

        :param str name: a key of ``STARTING_POINTS``
        :return: tuple of keys of :meth:`_prepare_records` and :meth:`_get_switches`
        """
        return STARTING_POINTS[name]

    @api.model
    def _get_switches(self):
        """Return the keys that are settings of the company. Add-ons add theirs.

        :return: ``{key: (field of res.company, value)}``
        """
        return SWITCHES

    @api.model
    def _get_own_keys(self, name):
        """Return what only this starting point makes, and those that contain all of it.

        What of it is there tells that it was switched on; switches are no such sign,
        since people also set them by hand.
        """
        keys = set(self._get_keys(name))
        others = [
            set(other)
            for other in map(self._get_keys, STARTING_POINTS)
            if not keys <= set(other)
        ]
        return keys.difference(self._get_switches(), *others)

    # -- Switching on ------------------------------------------------------------------

    @api.model
    def _switch_on(self, name):
        """Make or restore the records of a starting point, for the current company.

        :param str name: a key of ``STARTING_POINTS``
        :raise AccessError: if the user may not make rules
        """
        self._check_switch_on(name)
        self._set_switches(name)
        definitions, switches = self._prepare_records(), self._get_switches()
        made = {}
        for key in self._get_keys(name):
            if key in switches:
                continue
            record = self._find(key)
            if not record:
                self._open_version(definitions[key], made)
                record = self._make(key, definitions[key], made)
            if "active" in record and not record.active:
                record.active = True
            made[key] = record
        groups = [made[key] for key in made if key.startswith("group_")]
        if drafts := [group for group in groups if group.state == "draft"]:
            self.env["qms.test.group"].union(*drafts).action_activate()

    @api.model
    def _switch_on_and_tell(self, name, label):
        """Switch a starting point on, as :meth:`_switch_on` does, and show that.

        :param str label: what people call it
        :return: an action
        """
        self._switch_on(name)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(label)s is switched on. Adjust its rules to your goods.",
                    label=label,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _check_switch_on(self, name):
        if not COMPLIANCE.isdisjoint(self._get_keys(name)):
            self.env.user._qms_check_group(OFFICER)
        for model in self._get_made_models(name):
            self.env[model].check_access("create")

    def _may_switch_on(self, name):
        """Tell whether the user may make all that belongs to a starting point."""
        needs_officer = not COMPLIANCE.isdisjoint(self._get_keys(name))
        return (not needs_officer or self.env.user.has_group(OFFICER)) and all(
            self.env[model].has_access("create")
            for model in self._get_made_models(name)
        )

    def _get_made_models(self, name):
        """Return the models of what is made; settings alone are a manager's, too."""
        # sudo: these are definitions, nothing is read or made
        definitions = self.sudo()._prepare_records()
        keys = set(self._get_keys(name)) - self._get_switches().keys()
        return {definitions[key][0] for key in keys} or {"qms.status.rule"}

    def _set_switches(self, name):
        switches = self._get_switches()
        values = dict(switches[key] for key in self._get_keys(name) if key in switches)
        if values:
            # sudo: who may make these rules need not administer the company
            self.env.company.sudo().write(values)

    def _open_version(self, definition, made):
        """Add lines to a new version of a test group that is in force already."""
        key = definition[1].get("group_id")
        if key in made and made[key].state != "draft":
            made[key] = made[key]._get_draft()
            self._remember(key, made[key])

    @api.model
    def _is_on(self, name):
        """Tell whether everything of the starting point is there and in use."""
        return all(map(self._is_there, self._get_keys(name)))

    @api.model
    def _get_missing(self, name):
        """Return what a starting point that was switched on lacks, by name.

        Rules that came later, were archived or deleted. Nothing, if it is wholly on or
        was never switched on.

        :param str name: a key of ``STARTING_POINTS``
        """
        if not any(map(self._is_there, self._get_own_keys(name))):
            return []
        definitions = self._prepare_records()
        missing = [key for key in self._get_keys(name) if not self._is_there(key)]
        return list(dict.fromkeys(self._get_label(key, definitions) for key in missing))

    def _is_there(self, key):
        if switch := self._get_switches().get(key):
            field, value = switch
            return self.env.company[field] == value
        record = self._find(key)
        return bool(record) and ("active" not in record or record.active)

    def _get_label(self, key, definitions):
        """Return what people call a rule, a test or a switch."""
        if switch := self._get_switches().get(key):
            field = self.env.company._fields[switch[0]]
            return field._description_string(self.env)
        model, vals = definitions[key]
        if vals.get("name"):
            return vals["name"]
        if "test_id" in vals:
            return definitions[vals["test_id"]][1]["name"]
        # a rule without a name is called by what it is about
        name = "guarded" if "guarded" in vals else "arrival"
        field = self.env[model]._fields[name]
        return dict(field._description_selection(self.env))[vals[name]]

    def _find(self, key):
        return self.env.ref(self._get_xmlid(key), raise_if_not_found=False)

    def _get_xmlid(self, key):
        return f"qms_quality.start_{key}_{self.env.company.id}"

    def _make(self, key, definition, made):
        model, vals = definition
        links = {
            name: made[value].id
            for name, value in vals.items()
            if isinstance(value, str) and value in made
        }
        record = self.env[model].create({**vals, **links})
        self._remember(key, record)
        return record

    def _remember(self, key, record):
        # sudo: nobody but administrators may write external ids
        self.env["ir.model.data"].sudo()._update_xmlids(
            [{"xml_id": self._get_xmlid(key), "record": record, "noupdate": True}]
        )

    # -- The records -------------------------------------------------------------------

    def _prepare_records(self):
        """Return what each key stands for: ``{key: (model, values)}``.

        A value that is itself a key means the record of that key. Add-ons add theirs.
        """
        return {
            **self._prepare_tests(),
            **self._prepare_groups(),
            **self._prepare_lines(),
            **self._prepare_associations(),
            **self._prepare_rules(),
            **self._prepare_signature_rules(),
            **self._prepare_approval_rules(),
            **self._prepare_disposition_rules(),
            **self._prepare_capa_rules(),
        }

    def _prepare_tests(self):
        tests = {
            "packaging": ("START-PACK", self.env._("Packaging is whole and clean")),
            "papers": (
                "START-PAPERS",
                self.env._("Papers and labels agree with the goods"),
            ),
            "temperature": (
                "START-TEMP",
                self.env._("Temperature on arrival is in its range"),
            ),
            "dates": ("START-DATES", self.env._("Lot number and dates are readable")),
            "appearance": ("START-LOOK", self.env._("Appearance is as it should be")),
            "record": (
                "START-RECORD",
                self.env._("Production record is complete and reviewed"),
            ),
        }
        return {
            f"test_{key}": (
                "qms.test",
                {
                    "code": code,
                    "name": name,
                    "test_type": "pass_fail",
                    "company_id": self.env.company.id,
                },
            )
            for key, (code, name) in tests.items()
        }

    def _prepare_groups(self):
        groups = {
            "receiving": self.env._("Receiving check"),
            "output": self.env._("Finished goods check"),
        }
        return {
            f"group_{key}": (
                "qms.test.group",
                {"name": name, "company_id": self.env.company.id},
            )
            for key, name in groups.items()
        }

    def _prepare_lines(self):
        tests = {
            "group_receiving": ("packaging", "papers", "temperature", "dates"),
            "group_output": ("appearance", "record"),
        }
        return {
            f"line_{test}": (
                "qms.test.group.line",
                {"group_id": group, "test_id": f"test_{test}", "sequence": 10 * number},
            )
            for group, names in tests.items()
            for number, test in enumerate(names, 1)
        }

    def _prepare_associations(self):
        names = {
            "receipt": (self.env._("All receipts"), "group_receiving"),
            "output": (self.env._("All production output"), "group_output"),
        }
        return {
            f"association_{event}": (
                "qms.quality.association",
                {
                    "name": name,
                    "event": event,
                    "test_group_id": group,
                    "sequence": 100,
                    "company_id": self.env.company.id,
                },
            )
            for event, (name, group) in names.items()
        }

    def _prepare_rules(self):
        arrivals = {
            "return": "customer_return",
            "unbuild": "unbuild",
            "count": "count",
        }
        return {
            f"rule_{key}": (
                "qms.status.rule",
                {
                    "arrival": arrival,
                    "status_id": self.env.ref("qms_quality.status_on_hold").id,
                    "sequence": 100,
                    "company_id": self.env.company.id,
                },
            )
            for key, arrival in arrivals.items()
        }

    def _prepare_signature_rules(self):
        rules = {
            "validate": ("qms.quality.order", "inspector", "reviewed"),
            "release": ("qms.hold", "manager", "released"),
        }
        return {
            f"sign_{action}": (
                "qms.signature.rule",
                {
                    "guarded": f"{model}:{action}",
                    "group_id": self.env.ref(f"qms_quality.group_quality_{group}").id,
                    "meaning_ids": [
                        Command.link(self.env.ref(f"qms_quality.meaning_{meaning}").id)
                    ],
                    "company_id": self.env.company.id,
                },
            )
            for action, (model, group, meaning) in rules.items()
        }

    def _prepare_approval_rules(self):
        """Return the rule that goods somebody decided to hold are freed by two."""
        statuses = [
            self.env.ref(f"qms_quality.status_{status}").id
            for status in ("on_hold", "rejected", "recalled")
        ]
        step = {
            "name": self.env._("Another quality manager"),
            "approver": "group",
            "group_id": self.env.ref("qms_quality.group_quality_manager").id,
            "needs_signature": True,
        }
        return {
            "approve_release": (
                "qms.approval.rule",
                {
                    "name": self.env._("Release of goods on hold or rejected"),
                    "guarded": "qms.hold:release",
                    "filter_domain": repr([("status_id", "in", statuses)]),
                    "company_id": self.env.company.id,
                    "step_ids": [Command.create(step)],
                },
            )
        }

    def _prepare_disposition_rules(self):
        """Return the rules of who agrees to what becomes of nonconforming goods.

        Where several apply, their steps follow one another.
        """
        effort = [("kind", "in", ["scrap", "rework"])]
        rules = {
            "disposition": (self.env._("Dispositions"), "quality_manager", []),
            "effort": (self.env._("Scrap and rework"), "plant_manager", effort),
            "use_as_is": (
                self.env._("Use as is"),
                "compliance_officer",
                [("kind", "=", "use_as_is")],
            ),
        }
        return {
            f"approve_{key}": (
                "qms.approval.rule",
                {
                    **self._prepare_approval("qms.disposition:approve", name, group),
                    "filter_domain": repr(domain) if domain else False,
                    "sequence": sequence,
                },
            )
            for sequence, (key, (name, group, domain)) in enumerate(rules.items(), 10)
        }

    def _prepare_capa_rules(self):
        """Return the rules of who agrees to the plan of a CAPA, and to its end."""
        rules = {
            "plan": (self.env._("Plan of a CAPA"), "quality_manager"),
            "close": (self.env._("End of a CAPA"), "compliance_officer"),
        }
        return {
            f"approve_capa_{action}": (
                "qms.approval.rule",
                self._prepare_approval(f"qms.capa:{action}", name, group),
            )
            for action, (name, group) in rules.items()
        }

    def _prepare_approval(self, guarded, name, group):
        """Return the values of a rule that one of a group agrees, and signs."""
        group = self.env.ref(f"qms_quality.group_{group}")
        step = {
            # sudo: the name of a group is no secret
            "name": group.sudo().name,
            "approver": "group",
            "group_id": group.id,
            "needs_signature": True,
        }
        return {
            "name": name,
            "guarded": guarded,
            "company_id": self.env.company.id,
            "step_ids": [Command.create(step)],
        }
