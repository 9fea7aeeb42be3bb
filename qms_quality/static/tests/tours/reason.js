import {registry} from "@web/core/registry";

const DECIMALS = ".o_field_widget[name='decimals'] input";
const SAVE = ".o_form_button_save";
const REASON = ".modal textarea[name='qms_reason']";
const CONFIRM = ".modal button[name='qms_reason_confirm']";

// A quality manager changes a test whose decimals need a reason.
registry.category("web_tour.tours").add("qms_quality_reason", {
    steps: () => [
        {trigger: DECIMALS, run: "edit 4"},
        {trigger: SAVE, run: "click"},
        {
            content: "The form asks, and takes no excuse that is too short",
            trigger: `${REASON}:focus`,
            run: "edit why",
        },
        {
            trigger: `${CONFIRM}:disabled`,
        },
        {
            trigger: REASON,
            run: "edit The customer changed his drawing",
        },
        {trigger: `${CONFIRM}:enabled`, run: "click"},
        {
            content: "Saved",
            trigger: "body:not(:has(.modal)) .o_form_saved",
        },
    ],
});
