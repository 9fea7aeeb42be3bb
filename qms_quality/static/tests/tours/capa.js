import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("qms_capa_from_case", {
    steps: () => [
        {trigger: "button[name=action_create_capa]", run: "click"},
        {trigger: ".o_field_widget[name=check_criterion]"},
        {
            content: "The case, its cause and its supplier came along",
            trigger: ".o_field_widget[name=partner_id] input:value('Green Farm')",
        },
        {
            trigger:
                ".o_field_widget[name=subject] textarea, .o_field_widget[name=subject] input",
            run: "edit Microbiology of all ingredients from Green Farm",
        },
        {trigger: "a[name=changes]", run: "click"},
        {
            trigger: ".o_field_widget[name=change_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "More tests is what is proposed first, for this supplier",
            trigger:
                ".modal .o_field_widget[name=partner_id] input:value('Green Farm')",
        },
        {
            trigger: ".modal .o_field_widget[name=test_group_id] input",
            run: "edit Microbiology tour",
        },
        {
            trigger: ".ui-autocomplete a:contains('Microbiology tour')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=categ_ids] input",
            run: "edit Ingredients tour",
        },
        {
            trigger: ".ui-autocomplete a:contains('Ingredients tour')",
            run: "click",
        },
        {trigger: ".modal-footer .o_form_button_save", run: "click"},
        {trigger: "body:not(:has(.modal))"},
        {
            trigger: ".o_data_row:contains('Microbiology tour')",
        },
        {trigger: ".o_form_button_save", run: "click"},
        {
            trigger: ".o_data_row button[name=action_apply]",
            run: "click",
        },
        {trigger: ".modal-footer .btn-primary", run: "click"},
        {
            content: "In effect, and kept as proof",
            trigger: ".o_data_row:contains('Applied'):contains('Made the association')",
        },
    ],
});

registry.category("web_tour.tours").add("qms_capa_step_done", {
    steps: () => [
        {
            trigger: ".o_field_widget[name=proof] textarea",
            run: "edit Photo of the new sieve",
        },
        {trigger: "button[name=action_done]", run: "click"},
        {trigger: ".o_arrow_button_current:contains('Done')"},
    ],
});
