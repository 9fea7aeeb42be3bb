import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("qms_near_expiry_worklist", {
    steps: () => [
        {
            content: "As a board, with what it is worth",
            trigger: ".o_list_view .o_data_row:contains('TOUR-1')",
        },
        {
            trigger: ".o_switch_view.o_kanban",
            run: "click",
        },
        {
            trigger:
                ".o_kanban_group:contains('180') .o_kanban_record:contains('TOUR-1')",
        },
        {
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            content: "What is to be decided, the first to expire first",
            trigger: ".o_data_row:first:contains('TOUR-1'):contains('150')",
        },
        {
            trigger: ".o_data_row:contains('TOUR-1') .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('TOUR-2') .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button[name=action_open_wizard]",
            run: "click",
        },
        {
            content: "Two lots, and what they are worth together",
            trigger: ".modal .o_field_widget[name=value]:contains('165')",
        },
        {
            trigger: ".modal .o_field_widget[name=kind] label:contains('Destroy')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit Cold chain was broken",
        },
        {
            trigger: ".modal .modal-footer button[name=action_decide]",
            run: "click",
        },
        {trigger: "body:not(:has(.modal))"},
        {trigger: ".o_list_view:not(:has(.o_data_row:contains('TOUR-1')))"},
        {
            content: "One by one: the rest is given away",
            trigger: ".o_data_row:contains('TOUR-3') td[name=lot_id]",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=kind] label:contains('Donate')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=quantity] input",
            run: "edit 4",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It says what is missing",
            trigger: ".alert:contains('say who gets the goods')",
        },
        {
            trigger: ".o_field_widget[name=partner_id] input",
            run: "edit Corner Shop",
        },
        {
            trigger: ".ui-autocomplete a:contains('Corner Shop')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=reason] textarea",
            run: "edit Food bank",
        },
        {
            trigger: "button[name=action_decide]",
            run: "click",
        },
        {trigger: ".modal-footer .btn-primary", run: "click"},
        {
            content: "A delivery was made",
            trigger:
                ".o_field_widget[name=document_names]:contains('DAIRY/OUT'):contains('Ready')",
        },
        {
            trigger: ".o_arrow_button_current:contains('Being Carried Out')",
        },
    ],
});
