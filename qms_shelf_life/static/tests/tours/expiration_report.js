import {registry} from "@web/core/registry";

const OPEN = "button.o_switch_view";

registry.category("web_tour.tours").add("qms_expiration_report", {
    steps: () => [
        {
            content: "What expires first comes first, with its badge",
            trigger: ".o_data_row:contains('TOUR SOON') .badge:contains('Good')",
        },
        {trigger: ".o_data_row:contains('TOUR GONE') .badge:contains('Expired')"},
        {trigger: "body:not(:has(.o_data_row:contains('TOUR LATE')))"},
        {
            content: "What is at risk is reckoned at once",
            trigger: ".o_data_row:contains('TOUR SOON') input[type=checkbox]",
            run: "click",
        },
        {trigger: "button[name=action_compute]", run: "click"},
        {trigger: ".o_data_row:contains('TOUR SOON') .badge:contains('At Risk')"},
        {trigger: `${OPEN}.o_pivot`, run: "click"},
        {trigger: ".o_pivot_view th:contains('Value at Risk')"},
        {trigger: `${OPEN}.o_graph`, run: "click"},
        {trigger: ".o_graph_view canvas"},
        {trigger: `${OPEN}.o_list`, run: "click"},
        {
            content: "A row opens its lot",
            trigger: ".o_data_row:contains('TOUR GONE') td[name=product_id]",
            run: "click",
        },
        {trigger: ".o_form_view .o_field_widget[name=name] input:value('TOUR GONE')"},
        {trigger: ".o-form-buttonbox .o_button_more", run: "click"},
        {
            content: "And the lot its part of the report",
            trigger: "button[name=action_qms_open_expiry]",
            run: "click",
        },
        {trigger: ".o_list_view .o_data_row:contains('TOUR GONE')"},
        {trigger: "body:not(:has(.o_data_row:contains('TOUR SOON')))"},
    ],
});

registry.category("web_tour.tours").add("qms_expiry_notice", {
    steps: () => [
        {trigger: ".o_control_panel button:contains('Find Customers')", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=window] input",
            run: "edit 10D",
        },
        {
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: "edit We credit a third.",
        },
        {trigger: ".modal button[name=action_find]", run: "click"},
        {
            content: "Two customers got the lot",
            trigger: ".o_data_row:contains('Corner Shop'):contains('To Review')",
        },
        {
            trigger: ".o_data_row:contains('Café') td[name=partner_id]",
            run: "click",
        },
        {
            content: "The mail can be read before",
            trigger: ".o_field_widget[name=preview]:contains('We credit a third.')",
        },
        {trigger: "button[name=action_discard]", run: "click"},
        {
            trigger:
                ".o_statusbar_status .o_arrow_button_current:contains('Discarded')",
        },
        {trigger: ".o_back_button, .breadcrumb-item a", run: "click"},
        {
            trigger: ".o_data_row:contains('Corner Shop') input[type=checkbox]",
            run: "click",
        },
        {trigger: "button[name=action_review]", run: "click"},
        {
            trigger: ".modal .o_data_row td[name=partner_id]:contains('Corner Shop')",
            run: "click",
        },
        {
            content: "The mail as the customer gets it",
            trigger: ".modal .o_field_widget[name=body]:contains('Fresh Milk')",
        },
        {
            trigger: ".modal:has(.o_field_widget[name=body]) .btn-close",
            run: "click",
        },
        {trigger: ".modal button[name=action_send]", run: "click"},
        {trigger: "body:not(:has(.modal))"},
        {
            content: "Nothing of it is left to review",
            trigger: ".o_list_view:not(:has(.o_data_row:contains('Corner Shop')))",
        },
    ],
});
