import {chooseFrom} from "./steps";
import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("qms_clerk_receives_milk", {
    steps: () => [
        {
            content: "Open what is to be received, to enter the lot",
            trigger: "button[name=action_show_details], button:contains('Details')",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row .o_data_cell[name=lot_name]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=lot_name] input",
            run: "edit TOUR-MILK && press Tab",
        },
        {trigger: ".modal .o_form_button_save", run: "click"},
        {trigger: "body:not(:has(.modal))"},
        {trigger: "button[name=button_validate]", run: "click"},
        {
            content: "The milk is in",
            trigger:
                ".o_statusbar_status button.o_arrow_button_current:contains('Done')",
        },
    ],
});

tours.add("qms_inspector_validates_milk", {
    steps: () => [
        {
            content: "The lot waits in the list of what is to do",
            trigger: ".o_data_row:contains('TOUR-MILK') .o_data_cell[name=name]",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_data_row:contains('pH') .o_data_cell[name=value]",
            run: "click",
        },
        {
            content: "Readings are entered by keyboard alone",
            trigger: ".o_field_widget[name=value] input",
            run: "edit 6.7 && press Enter",
        },
        {
            trigger:
                ".o_data_row:contains('Inhibitors') .o_field_widget[name=value] select",
            run: "select pass",
        },
        {trigger: "button[name=action_validate]", run: "click"},
        {trigger: ".ribbon:contains('Passed')"},
    ],
});

tours.add("qms_clerk_is_refused", {
    steps: () => [
        {trigger: "button[name=button_validate]", run: "click"},
        {
            content: "What is held, why, and what to do, on the screen",
            trigger:
                ".modal-body:contains('These goods are held'):contains('TOUR-HELD'):contains('Suspected contamination'):contains('ask for the release')",
        },
        {trigger: ".modal-footer .btn-primary", run: "click"},
        {
            content: "Nothing has moved",
            trigger:
                ".o_statusbar_status button.o_arrow_button_current:contains('Ready')",
        },
    ],
});

tours.add("qms_manager_releases", {
    steps: () => [
        {
            content: "What is held, and why",
            trigger: ".o_form_view:contains('TOUR-HELD'):contains('Suspected')",
        },
        {trigger: "button[name=action_release]", run: "click"},
        ...chooseFrom(
            ".modal .o_field_widget[name=reason_id] input",
            "Accepted by quality"
        ),
        {trigger: ".modal-footer button[name=action_release]", run: "click"},
        {trigger: "body:not(:has(.modal))"},
        {
            trigger:
                ".o_statusbar_status button.o_arrow_button_current:contains('Released')",
        },
    ],
});

tours.add("qms_clerk_delivers", {
    steps: () => [
        {trigger: "button[name=button_validate]", run: "click"},
        {
            trigger:
                ".o_statusbar_status button.o_arrow_button_current:contains('Done')",
        },
    ],
});
