import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const STATE = (label) =>
    `.o_statusbar_status button.o_arrow_button_current:contains('${label}')`;

tours.add("qms_manager_makes_new_plan_version", {
    steps: () => [
        {
            content: "What was agreed to is not changed",
            trigger: ".o_field_widget[name=code].o_readonly_modifier",
        },
        {trigger: "a.nav-link:contains('From Readings to Verdicts')", run: "click"},
        {
            content: "Each option says what it does",
            trigger:
                ".tab-pane.active .text-muted:contains('validated as soon as its verdict')",
        },
        {trigger: "button[name=action_new_version]", run: "click"},
        {trigger: STATE("Draft")},
        {trigger: "a.nav-link:contains('From Readings to Verdicts')", run: "click"},
        {trigger: ".o_field_widget[name=order_auto] input", run: "click"},
        {trigger: "button[name=action_activate]", run: "click"},
        {
            content: "The other manager is asked, the draft waits",
            trigger: ".alert[name=qms_approval]:contains('Agree: waiting for')",
        },
        {trigger: STATE("Draft")},
    ],
});

tours.add("qms_second_agrees_to_plan", {
    steps: () => [
        {
            trigger: ".alert[name=qms_approval] button[name=action_qms_approve]",
            run: "click",
        },
        {trigger: STATE("In Force")},
    ],
});

tours.add("qms_manager_makes_new_group_version", {
    steps: () => [
        {trigger: "button[name=action_new_version]", run: "click"},
        {trigger: STATE("Draft")},
        {
            trigger: ".o_data_row:contains('Weight') .o_data_cell[name=test_id]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=lower_limit] input",
            run: "edit 4.5 && press Tab",
        },
        {trigger: ".modal .o_form_button_save", run: "click"},
        {trigger: ".o_data_row:contains('4.50')"},
        {trigger: "button[name=action_activate]", run: "click"},
        {trigger: STATE("In Force")},
    ],
});
