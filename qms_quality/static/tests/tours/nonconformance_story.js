import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");

// a machine that is busy with other things asks and posts slowly
const isAt = (step) => ({
    trigger: `.o_statusbar_status button.o_arrow_button_current:contains('${step}')`,
    timeout: 60000,
});
const choose = (field, value, where = "") => [
    {
        trigger: `${where} .o_field_widget[name=${field}] input`,
        run: `edit ${value}`,
    },
    {trigger: `.ui-autocomplete a:contains('${value}')`, run: "click"},
];
const decide = (place, kind) => [
    {
        trigger: `.o_data_row:contains('${place}') .o_data_cell[name=kind]`,
        run: "click",
    },
    {
        trigger: ".o_selected_row .o_field_widget[name=kind] .o_select_menu_toggler",
        run: "click",
    },
    {trigger: `.o_select_menu_item:contains('${kind}')`, run: "click"},
    {
        // who leaves the field before the choice has come to the form empties it again
        content: "The choice is taken over",
        trigger: `.o_form_dirty .o_selected_row .o_field_widget[name=kind] .o_select_menu_toggler:value('${kind}')`,
        timeout: 60000,
    },
    {
        trigger: ".o_selected_row .o_field_widget[name=reason] :is(input, textarea)",
        run: `edit ${kind}: seen to`,
    },
];
const openApprovals = () => [
    stepUtils.showAppsMenuItem(),
    {trigger: ".o_app[data-menu-xmlid='qms_quality.menu_qms_root']", run: "click"},
    {trigger: "[data-menu-xmlid='qms_quality.menu_qms_approval']", run: "click"},
];
// who signs several things in a row names himself once
const approve = (kind, login, isFirst = true) => [
    {
        trigger: `.o_data_row:contains('${kind}') button[name=action_approve]`,
        run: "click",
    },
    {
        content: "What is signed, in full",
        trigger: `.modal .o_qms_signed:contains('${kind}')`,
    },
    ...(isFirst
        ? [
              {
                  trigger: ".modal .o_field_widget[name=login] input",
                  run: `edit ${login}`,
              },
          ]
        : []),
    ...choose("meaning_id", "Approved", ".modal"),
    {trigger: ".modal .o_field_widget[name=secret] input", run: `edit ${login}`},
    {trigger: ".modal-footer button[name=action_sign]", run: "click"},
    {trigger: "body:not(:has(.modal))", timeout: 60000},
    {
        trigger: `.o_view_controller:not(:has(.o_data_row:contains('${kind}')))`,
        timeout: 60000,
    },
];

tours.add("qms_story_inspector_investigates", {
    steps: () => [
        {
            trigger: ".o_data_row:contains('Salmonella') .o_data_cell[name=value]",
            run: "click",
        },
        {
            trigger:
                ".o_data_row:contains('Salmonella') .o_field_widget[name=value] select",
            run: "select fail",
        },
        {trigger: "button[name=action_validate]", run: "click"},
        {trigger: ".ribbon:contains('Failed')"},
        {
            content: "The case is there at once",
            trigger: ".oe_stat_button[name=action_open_case]",
            run: "click",
        },
        {trigger: "button[name=action_investigate]", run: "click"},
        isAt("Investigation"),
        {trigger: ".nav-link[name=investigation]", run: "click"},
        ...choose("root_cause_id", "Supplier defect"),
        {
            trigger: ".o_field_widget[name=root_cause_text] textarea",
            run: "edit The herb mix ING-01 came in contaminated",
        },
        {trigger: "button[name=action_dispose]", run: "click"},
        isAt("Disposition"),
        {trigger: ".nav-link[name=dispositions]", run: "click"},
        {trigger: "button[name=action_list_goods]", run: "click"},
        ...decide("Shelf", "Use as is"),
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: ".o_form_saved", timeout: 60000},
        ...decide("Stock", "Scrap"),
        {trigger: "button[name=action_submit]", run: "click"},
        isAt("Approval"),
    ],
});

tours.add("qms_story_manager_approves", {
    steps: () => [
        ...openApprovals(),
        ...approve("Scrap", "qms_manager"),
        ...approve("Use as is", "qms_manager", false),
    ],
});

tours.add("qms_story_plant_approves", {
    steps: () => [
        ...openApprovals(),
        {trigger: ".o_view_controller:not(:has(.o_data_row:contains('Use as is')))"},
        ...approve("Scrap", "qms_plant"),
    ],
});

tours.add("qms_story_officer_approves", {
    steps: () => [
        ...openApprovals(),
        {trigger: ".o_view_controller:not(:has(.o_data_row:contains('Scrap')))"},
        ...approve("Use as is", "qms_officer"),
    ],
});

tours.add("qms_story_inspector_executes", {
    steps: () => [
        isAt("Execution"),
        {trigger: "button[name=action_execute]", run: "click"},
        {trigger: ".modal-footer .btn-primary", run: "click"},
        isAt("Follow-up"),
        {trigger: "body:not(:has(button[name=action_close]:visible))"},
    ],
});

tours.add("qms_story_manager_prevents", {
    steps: () => [
        {trigger: "button[name=action_close]", run: "click"},
        isAt("Closed"),
        {
            content: "So that it doesn't come back",
            trigger: "button[name=action_create_capa]",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=subject] :is(input, textarea)",
            run: "edit Test what the farm sends",
        },
        ...choose("partner_id", "Green Farm"),
        {
            content: "About whatever the farm sends, not the dressing alone",
            trigger: ".o_form_view .o_field_widget[name=product_id] input",
            run: "clear && press Tab",
        },
        {trigger: ".nav-link[name=changes]", run: "click"},
        {
            trigger: ".o_field_widget[name=change_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        ...choose("test_group_id", "Microbiology", ".modal"),
        {trigger: ".modal .o_form_button_save", run: "click"},
        {trigger: "body:not(:has(.modal))"},
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: ".o_form_saved", timeout: 60000},
        {trigger: "button[name=action_plan]", run: "click"},
        isAt("Planned"),
        {trigger: "button[name=action_start]", run: "click"},
        isAt("In Progress"),
        {
            trigger: ".o_field_widget[name=change_ids] button[name=action_apply]",
            run: "click",
        },
        {trigger: ".modal-footer .btn-primary", run: "click"},
        {trigger: ".o_data_row:contains('Applied')", timeout: 60000},
        {trigger: "button[name=action_check]", run: "click"},
        isAt("Effectiveness Check"),
    ],
});

tours.add("qms_story_manager_closes", {
    steps: () => [
        {trigger: "button[name=action_close]", run: "click"},
        isAt("Closed"),
        {trigger: ".ribbon:contains('Effective')"},
    ],
});
