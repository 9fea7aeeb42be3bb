import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("qms_shelf_life_rule", {
    steps: () => [
        {
            content: "A rule for one product",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=product_id] input",
            run: "edit Tour Milk",
        },
        {
            trigger: ".ui-autocomplete a:contains('Tour Milk')",
            run: "click",
        },
        {
            trigger: ".o_list_button_save",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Tour Milk') .o_list_record_open_form_view",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=days] input",
            run: "edit 3",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is named after what it is for",
            trigger: ".o_form_saved .o_field_widget[name=name]:contains('Tour Milk')",
        },
    ],
});

registry.category("web_tour.tours").add("qms_shelf_life_dates", {
    steps: () => [
        {
            content: "The lot says what its date refuses",
            trigger:
                ".o_field_widget[name=qms_expiry_text]:contains('not to be picked from')",
        },
        {
            trigger: ".o_statusbar_buttons button[name=action_qms_change_expiry]",
            run: "click",
        },
        {
            trigger:
                ".modal .o_field_widget[name=mode] label:contains('Later or earlier')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=formula] input",
            run: "edit 2 weeks",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Re-test passed",
        },
        {
            trigger: ".modal button[name=action_change]",
            run: "click",
        },
        {
            content: "A wrong formula is refused where it is typed",
            trigger: ".modal:contains('is no date formula')",
        },
        {
            trigger: ".modal:contains('is no date formula') .modal-footer button",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=formula] input",
            run: "edit 2W",
        },
        {
            trigger: ".modal button[name=action_change]",
            run: "click",
        },
        {trigger: "body:not(:has(.modal))"},
        {
            content: "Nothing keeps it from being delivered now",
            trigger: ".o_form_view:not(:has(.o_field_widget[name=qms_expiry_text]))",
        },
    ],
});

registry.category("web_tour.tours").add("qms_shelf_life_refused", {
    steps: () => [
        {
            trigger: "button[name=button_validate]",
            run: "click",
        },
        {
            content: "Which lot, since when, and what may be done with it",
            trigger:
                ".modal:contains('because of their date'):contains('OLD'):contains('Expired on'):contains('can be scrapped')",
        },
        {
            trigger: ".modal .modal-footer button",
            run: "click",
        },
        {trigger: "body:not(:has(.modal))"},
        {
            content: "Nothing has left",
            trigger: ".o_arrow_button_current:contains('Ready')",
        },
    ],
});
