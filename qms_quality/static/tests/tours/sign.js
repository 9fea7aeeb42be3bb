import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const NASTY = `it's "mine" \\ & 100%`;
const VALIDATED = ".ribbon:contains('Passed')";

tours.add("qms_inspector_signs", {
    steps: () => [
        {trigger: "button[name=action_validate]", run: "click"},
        {
            content: "What is signed, in full",
            trigger: ".modal .o_qms_signed:contains('Weight'):contains('limits')",
        },
        {
            content: "The meaning is set by the rule; the login comes first",
            trigger: ".modal .o_field_widget[name=login] input",
            run: `edit ${NASTY}`,
        },
        {
            content: "Enter signs",
            trigger: ".modal .o_field_widget[name=secret] input[type=password]",
            run: "edit wrong'\" && press Enter",
        },
        {
            trigger: ".modal:contains('Tries left: 4') .btn-primary:contains('Close')",
            run: "click",
        },
        {
            content: "The wrong one is forgotten",
            trigger: ".modal .o_field_widget[name=secret] input",
            run({anchor}) {
                if (anchor.value) {
                    throw new Error("The wrong password is still there");
                }
            },
        },
        {
            trigger: ".modal .o_field_widget[name=login] input",
            run: `edit ${NASTY}`,
        },
        {
            trigger: ".modal .o_field_widget[name=secret] input",
            run: `edit ${NASTY} && press Enter`,
        },
        {trigger: "body:not(:has(.modal))"},
        {trigger: VALIDATED},
        {trigger: ".nav-link[name=signatures]", run: "click"},
        {trigger: ".o_data_row:contains('Reviewed'):contains('Valid')"},
    ],
});

tours.add("qms_manager_signs_first", {
    steps: () => [
        {trigger: "button[name=action_release]", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=reason_id] input",
            run: "edit Accepted",
        },
        {
            trigger: ".ui-autocomplete a:contains('Accepted')",
            run: "click",
        },
        {trigger: ".modal-footer button[name=action_release]", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=login] input",
            run: "edit qms_manager",
        },
        {
            trigger: ".modal .o_field_widget[name=secret] input",
            run: "edit qms_manager && press Enter",
        },
        {trigger: "body:not(:has(.modal))"},
        {trigger: ".alert:contains('signed by'):contains('waiting for 1 more')"},
        {trigger: "body:not(:has(button[name=action_qms_sign]:visible))"},
    ],
});

tours.add("qms_second_signs", {
    steps: () => [
        {trigger: "button[name=action_qms_sign]", run: "click"},
        {trigger: ".modal .o_qms_signed:contains('Accepted')"},
        {
            trigger: ".modal .o_field_widget[name=login] input",
            run: "edit qms_second",
        },
        {
            trigger: ".modal .o_field_widget[name=secret] input",
            run: "edit qms_second",
        },
        {trigger: ".modal-footer button[name=action_sign]", run: "click"},
        {
            trigger:
                ".o_statusbar_status button.o_arrow_button_current:contains('Released')",
        },
    ],
});

tours.add("qms_inspector_uses_passkey", {
    steps: () => [
        {trigger: "button[name=action_validate]", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=method] span:contains('Passkey')",
            run: "click",
        },
        {trigger: ".modal:contains('Your browser asks for your passkey')"},
        {trigger: ".modal-footer button[name=action_sign]", run: "click"},
        {trigger: "body:not(:has(.modal))"},
        {trigger: VALIDATED},
    ],
});
