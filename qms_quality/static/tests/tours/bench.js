import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const LINE = (label) => `.qms_bench_grid tbody tr:has(th:contains(${label}))`;
const CELL = (label, nth = 0) => `${LINE(label)} td:eq(${nth})`;
const FIELD = (label, nth = 0) => `${CELL(label, nth)} .qms_bench_field`;
const SAVED = (label, state, nth = 0) =>
    `${LINE(label)} td:eq(${nth})[data-state='${state}']`;
const VALIDATE = ".qms_bench button[name='validate']";
const CONFIRM = ".modal-footer button:contains(Validate)";
const KEY = (key) => ({
    trigger: `.qms_bench_keypad button:contains(${key})`,
    run: "click",
});
const PIXEL =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

function paste(text) {
    return ({anchor}) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData("text", text);
        const init = {clipboardData, bubbles: true, cancelable: true};
        anchor.dispatchEvent(new ClipboardEvent("paste", init));
    };
}

/** Type as a scanner does: no field has the focus. */
function scan(code) {
    return () => {
        document.activeElement.blur();
        for (const key of [...code, "Enter"]) {
            const init = {key, bubbles: true, cancelable: true};
            document.body.dispatchEvent(new KeyboardEvent("keydown", init));
        }
    };
}

function takePhoto({anchor}) {
    const bytes = Uint8Array.from(atob(PIXEL), (char) => char.charCodeAt(0));
    const files = new DataTransfer();
    files.items.add(new File([bytes], "seal.png", {type: "image/png"}));
    anchor.files = files.files;
    anchor.dispatchEvent(new Event("change", {bubbles: true}));
}

/** Wait for an image, and refuse the placeholder of one that can't be read. */
async function isShown({anchor}) {
    await anchor.decode();
    if (!anchor.src.includes("/web/image/ir.attachment/")) {
        throw new Error(`no photo: ${anchor.src}`);
    }
}

const fullXHR = browser.XMLHttpRequest;

/** A request that never reaches the server, where it is the page's. */
class LostRequest extends fullXHR {
    open(method, url) {
        this.isLost = url.includes("qms.quality.order");
        super.open(...arguments);
    }

    send() {
        if (this.isLost) {
            this.dispatchEvent(new Event("error"));
        } else {
            super.send(...arguments);
        }
    }
}

// An inspector at a tablet reads a test of each type, and validates.
tours.add("qms_bench_all_kinds", {
    steps: () => [
        {trigger: "button:contains('Bench'):visible", run: "click"},
        {
            content: "The first empty reading has the focus; its limits are beside it",
            trigger: `${FIELD("Weight")}:focus`,
        },
        {trigger: ".qms_bench_aside:contains('4.00 – 6.00 kg')"},
        KEY("4"),
        KEY("."),
        KEY("1"),
        {trigger: ".qms_bench_enter", run: "click"},
        {trigger: SAVED("Weight", "passed")},
        {
            content: "Next comes a choice, on big buttons",
            trigger: ".qms_bench_aside .qms_bench_outcomes button:contains(Grey)",
            run: "click",
        },
        {trigger: SAVED("Colour", "failed")},
        {
            content: "It is corrected by another button",
            trigger: `${CELL("Colour")} button:contains(White)`,
            run: "click",
        },
        {trigger: SAVED("Colour", "passed")},
        {trigger: FIELD("Bumps"), run: "edit 1.5 && press Enter"},
        {
            content: "What the server refuses stays, and is named",
            trigger: ".qms_bench_alert:contains('Bumps takes a whole number')",
        },
        {trigger: `${VALIDATE}:disabled`},
        {trigger: FIELD("Bumps"), run: "edit 0 && press Enter"},
        {trigger: SAVED("Bumps", "passed")},
        {trigger: "body:not(:has(.qms_bench_alert))"},
        {trigger: FIELD("Remark"), run: "edit Second tank && press Enter"},
        {
            trigger: `${FIELD("Born")}[type='date']:focus`,
            run({anchor}) {
                anchor.value = "2026-11-20";
                anchor.dispatchEvent(new Event("change", {bubbles: true}));
            },
        },
        {trigger: SAVED("Born", "passed")},
        {
            content: "A photo from the camera",
            trigger: `${CELL("Photo")} input[type=file]:not(:visible)`,
            run: takePhoto,
        },
        {trigger: `${SAVED("Photo", "passed")} img`},
        {
            content: "What is worked out follows",
            trigger: `${CELL("Double")}:contains('8.2')`,
        },
        {
            content: "A note and a photo on a reading",
            trigger: FIELD("Weight"),
            run: "click",
        },
        {
            trigger: ".qms_bench_aside input[name='note']",
            run: "edit Scale 2 && press Tab",
        },
        {
            trigger: ".qms_bench_aside input[name='photo']:not(:visible)",
            run: takePhoto,
        },
        {trigger: ".qms_bench_photos img[alt='seal.png']"},
        {trigger: ".qms_bench_verdict:contains(Passed)"},
        {trigger: VALIDATE, run: "click"},
        {trigger: ".modal:contains('The inspection passes')"},
        {trigger: CONFIRM, run: "click"},
        {
            content: "Nothing can be entered any more; the next order is a tap away",
            trigger: ".qms_bench button[name='next']",
            run: "click",
        },
        {trigger: ".qms_bench_start"},
    ],
});

// What was photographed at the bench shows on the order.
tours.add("qms_order_photos", {
    steps: () => [
        {trigger: "a.nav-link:contains('Photos')", run: "click"},
        {
            content: "A photo of a reading, and a reading that is a photo",
            trigger:
                ".o_field_widget[name=photo_ids] .o_kanban_record:contains('Weight') img",
            run: isShown,
        },
        {
            trigger:
                ".o_field_widget[name=photo_ids] .o_kanban_record:contains('Photo') img",
            run: isShown,
        },
    ],
});

// Readings come from a spreadsheet into the grid of many samples.
tours.add("qms_bench_grid", {
    steps: () => [
        {
            content: "Arrows go from cell to cell",
            trigger: `${FIELD("S-1", 0)}:focus`,
            run: "press ArrowRight",
        },
        {trigger: `${FIELD("S-1", 1)}:focus`, run: "press ArrowDown"},
        {trigger: `${FIELD("S-2", 1)}:focus`, run: "press ArrowLeft"},
        {trigger: `${FIELD("S-2", 0)}:focus`, run: "press ArrowUp"},
        {
            content: "A column with a value that is none",
            trigger: `${FIELD("S-1", 0)}:focus`,
            run: paste("4.1\n4.2\nheavy\n4,4\n7\n"),
        },
        {
            content: "Nothing of it is saved",
            trigger:
                ".qms_bench_alert:contains('Weight, S-3'):contains('4 other pasted values')",
        },
        {trigger: SAVED("S-3", "refused")},
        {trigger: SAVED("S-1", "waiting")},
        {
            content: "It is mended, and all of it is saved",
            trigger: FIELD("S-3"),
            run: "edit 4.3 && press Enter",
        },
        {trigger: SAVED("S-1", "passed")},
        {trigger: SAVED("S-4", "passed")},
        {trigger: SAVED("S-5", "failed")},
        {
            content: "Letters choose",
            trigger: `${CELL("S-1", 1)} .qms_bench_choices`,
            run: ({anchor}) => anchor.focus(),
        },
        {trigger: `${CELL("S-1", 1)} .qms_bench_choices:focus`, run: "press p"},
        {trigger: SAVED("S-1", "passed", 1)},
        {
            content: "A serial number leads to its readings",
            trigger: ".qms_bench_scan input",
            run: "edit S-6 && press Enter",
        },
        {trigger: `${FIELD("S-6", 0)}:focus`},
        {trigger: "button[name='layout']", run: "click"},
        {trigger: ".qms_bench_by_test th:contains('S-6')"},
        {
            content: "What to do, with a drawing and a document",
            trigger: ".qms_bench button[name='instructions']",
            run: "click",
        },
        {trigger: ".modal-body:contains('Tare the scale')"},
        {
            content: "The inspector may see it",
            trigger: ".modal-body img[alt='ladle.png']",
            async run({anchor}) {
                // It is decoded once it has come
                while (!anchor.complete) {
                    await new Promise((resolve) => setTimeout(resolve, 50));
                }
                await anchor.decode();
            },
        },
        {trigger: ".modal-body a[href^='/web/content/']:contains('sop-7.pdf')"},
    ],
});

// A scanner opens orders.
tours.add("qms_bench_scan", {
    steps: () => [
        {trigger: ".qms_bench_card:contains('BENCH-1')"},
        {
            trigger: ".qms_bench_scan input",
            run: "edit BENCH-0 && press Enter",
        },
        {trigger: ".o_notification:contains('No quality order for “BENCH-0”')"},
        {trigger: ".qms_bench_start", run: scan("BENCH-1")},
        {trigger: ".qms_bench_title:contains('BENCH-1')"},
        {trigger: `${FIELD("Weight")}:focus`, run: scan("BENCH-2")},
        {trigger: ".qms_bench_title:contains('BENCH-2')"},
        {
            content: "A lot with two orders",
            trigger: `${FIELD("Weight")}:focus`,
            run: scan("BENCH-3"),
        },
        {trigger: ".modal .qms_bench_hit:eq(1)", run: "click"},
        {trigger: ".qms_bench_title:contains('BENCH-3')"},
        {trigger: ".breadcrumb-item:contains('Bench')", run: "click"},
        {trigger: ".qms_bench_card:contains('BENCH-1')", run: "click"},
        {trigger: ".qms_bench_title:contains('BENCH-1')"},
    ],
});

// The connection is lost and comes back: what was typed is saved then.
tours.add("qms_bench_offline", {
    steps: () => [
        {
            trigger: `${FIELD("Weight")}:focus`,
            run() {
                browser.XMLHttpRequest = LostRequest;
            },
        },
        {trigger: FIELD("Weight"), run: "edit 5 && press Enter"},
        {trigger: ".qms_bench_alert:contains('No connection. 1 readings')"},
        {trigger: `${FIELD("Fat", 0)}:focus`, run: "edit 4 && press Enter"},
        {trigger: ".qms_bench_alert:contains('No connection. 2 readings')"},
        {
            content: "Leaving asks first",
            trigger: ".qms_bench_title a",
            run: "click",
        },
        {trigger: ".modal:contains('2 readings are not saved')"},
        {
            trigger: ".modal-footer button:contains(Stay)",
            run: "click",
        },
        {
            trigger: SAVED("Weight", "waiting"),
            run() {
                browser.XMLHttpRequest = fullXHR;
                window.dispatchEvent(new Event("online"));
            },
        },
        {trigger: SAVED("Weight", "passed")},
        {trigger: SAVED("Fat", "passed", 0)},
        {trigger: "body:not(:has(.qms_bench_alert))"},
    ],
});

// A correction needs a reason; the validation is signed.
tours.add("qms_bench_sign", {
    steps: () => [
        {
            content: "What was read in grams is corrected in grams",
            trigger: FIELD("Weight"),
            run: "edit 4500 && press Enter",
        },
        {
            trigger: ".modal textarea[name='qms_reason']",
            run: "edit The scale was not levelled",
        },
        {trigger: ".modal button[name='qms_reason_confirm']", run: "click"},
        {trigger: SAVED("Weight", "passed")},
        {trigger: VALIDATE, run: "click"},
        {trigger: CONFIRM, run: "click"},
        {
            trigger: ".modal .o_field_widget[name=login] input",
            run: "edit qms_inspector",
        },
        {
            trigger: ".modal .o_field_widget[name=secret] input",
            run: "edit qms_inspector && press Enter",
        },
        {trigger: "body:not(:has(.modal))"},
        {trigger: ".qms_bench button[name='next']"},
        {trigger: ".qms_bench_verdict:contains(Passed)"},
    ],
});

// Defects are counted at the bench; the second sample is asked for.
/** A request that gets to the server after others that were made later. */
class SlowRequest extends fullXHR {
    open(method, url) {
        this.isSlow = url.includes("qms.quality.order.defect");
        super.open(...arguments);
    }

    send() {
        setTimeout(() => super.send(...arguments), this.isSlow ? 1500 : 0);
    }
}

tours.add("qms_bench_defects", {
    steps: () => [
        {
            trigger: `${LINE("Critical")} input:focus`,
            run: "edit many && press Enter",
        },
        {trigger: `${LINE("Critical")} .qms_bench_problem`},
        {trigger: `${VALIDATE}:disabled`},
        {trigger: `${LINE("Critical")} input`, run: "edit 0 && press Enter"},
        {trigger: SAVED("Critical", "passed")},
        {trigger: `${LINE("Major")} input`, run: "edit 2 && press Enter"},
        {
            trigger: `${LINE("Major")} input[placeholder='In the 2nd']`,
            run() {
                browser.XMLHttpRequest = SlowRequest;
            },
        },
        {
            trigger: `${LINE("Major")} input[placeholder='In the 2nd']`,
            run: "edit 1",
        },
        {
            content: "What is typed goes before the order is validated",
            trigger: VALIDATE,
            run: "click",
        },
        {trigger: ".qms_bench button[name='next']"},
        {trigger: SAVED("Major", "passed")},
        {
            trigger: "body",
            run() {
                browser.XMLHttpRequest = fullXHR;
            },
        },
    ],
});
