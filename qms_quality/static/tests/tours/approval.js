import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");

tours.add("qms_manager_asks_for_approval", {
    steps: () => [
        {trigger: "button[name=action_release]", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=reason_id] input",
            run: "edit Accepted by two",
        },
        {
            trigger: ".ui-autocomplete a:contains('Accepted by two')",
            run: "click",
        },
        {trigger: ".modal-footer button[name=action_release]", run: "click"},
        {trigger: "body:not(:has(.modal))"},
        {trigger: ".o_notification:contains('waits for')"},
        {
            content: "Who is next, and no button for who asked",
            trigger: ".alert[name=qms_approval]:contains('Plant: waiting for')",
        },
        {trigger: ".alert[name=qms_approval] button[name=action_qms_withdraw]"},
        {trigger: "body:not(:has(button[name=action_qms_approve]:visible))"},
    ],
});

tours.add("qms_second_approves", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {trigger: ".o_app[data-menu-xmlid='qms_quality.menu_qms_root']", run: "click"},
        {
            trigger: "[data-menu-xmlid='qms_quality.menu_qms_approval']",
            run: "click",
        },
        {
            content: "What is asked at a glance",
            trigger: ".o_data_row:contains('TOUR-APPROVE'):contains('Accepted by two')",
        },
        {
            trigger: ".o_data_row:contains('TOUR-APPROVE') button[name=action_approve]",
            run: "click",
        },
        {trigger: ".modal .o_qms_signed:contains('TOUR-APPROVE')"},
        {
            trigger: ".modal .o_field_widget[name=login] input",
            run: "edit qms_second",
        },
        {
            trigger: ".modal .o_field_widget[name=meaning_id] input",
            run: "edit Approved",
        },
        {
            trigger: ".ui-autocomplete a:contains('Approved')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=secret] input",
            run: "edit qms_second",
        },
        {trigger: ".modal-footer button[name=action_sign]", run: "click"},
        {trigger: "body:not(:has(.modal))"},
        {trigger: ".o_view_nocontent:contains('Nothing waits for you')"},
    ],
});
