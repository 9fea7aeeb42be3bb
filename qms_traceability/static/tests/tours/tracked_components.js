import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const FIELD = ".qms_track input[name='qms_scan']";
const READY = `${FIELD}:focus`;
const ANSWER = (outcome, text = "") =>
    `.qms_track_answer[data-outcome='${outcome}']:contains("${text}")`;
const PRODUCT = (lot, status) =>
    `.qms_track_products tr[data-lot='${lot}']${status ? `[data-status='${status}']` : ""}`;
const COMPONENT = (name, status) =>
    `.qms_track_components tr[data-component='${name}']${status ? `[data-status='${status}']` : ""}`;
const OPEN = {
    trigger:
        ".o_statusbar_buttons button[name='action_qms_track'], .o_form_view button[name='action_qms_track']",
    run: "click",
};

/** Press one key as a keyboard does: what isn't taken is written where the focus is. */
function press(key, init = {}) {
    const field = document.activeElement;
    const ev = new KeyboardEvent("keydown", {
        key,
        bubbles: true,
        cancelable: true,
        ...init,
    });
    field.dispatchEvent(ev);
    if (!ev.defaultPrevented && key.length === 1 && field.matches("input")) {
        field.setRangeText(key, field.selectionStart, field.selectionEnd, "end");
    }
}

/** Scan codes one after the other, faster than any scanner, into what has the focus. */
function scan(...codes) {
    return () => {
        for (const [code, end = "Enter"] of codes) {
            if (!document.activeElement.matches(FIELD)) {
                throw new Error("The field to scan into has lost the focus.");
            }
            for (const key of code) {
                // as most scanners send the separator
                const isSeparator = key === "\x1d";
                press(isSeparator ? "]" : key, {ctrlKey: isSeparator});
            }
            press(end);
        }
    };
}

const fullXHR = browser.XMLHttpRequest;

/** A scan whose answer never comes back, though the server has it. */
class LostAnswer extends fullXHR {
    open(method, url) {
        this.isLost = url.includes("qms_scan");
        super.open(...arguments);
    }

    send() {
        if (this.isLost) {
            const sent = new fullXHR();
            sent.open("POST", "/web/dataset/call_kw/mrp.production/qms_scan");
            sent.setRequestHeader("Content-Type", "application/json");
            sent.onload = () => this.dispatchEvent(new Event("error"));
            sent.send(...arguments);
        } else {
            super.send(...arguments);
        }
    }
}

const tones = [];

/** What the page plays: each tone is written down when it starts. */
class HeardAudio {
    currentTime = 0;

    createOscillator() {
        const tone = {frequency: {}, connect: (next) => next};
        tone.start = () => tones.push(tone);
        tone.stop = (seconds) => Object.assign(tone, {seconds});
        return tone;
    }

    createGain() {
        return {gain: {}, connect: (next) => next};
    }
}

/** The last scan was heard, and by a refusal nobody mistakes it for a success. */
function hear(outcome) {
    return () => {
        const tone = tones.at(-1);
        const isLow = tone?.type === "square" && tone.frequency.value < 300;
        const isHigh = tone?.type === "sine" && tone.frequency.value > 600;
        if (outcome === "refused" ? !isLow || tone.seconds < 0.3 : !isHigh) {
            throw new Error(`“${outcome}” sounds wrong: ${JSON.stringify(tone)}`);
        }
    };
}

// A worker builds three pumps with a scanner.
tours.add("qms_track_scanning", {
    steps: () => [
        OPEN,
        {
            content: "The field has the focus, and the mode is Product",
            trigger: READY,
        },
        {trigger: "button[name='mode_product'].active"},
        {
            trigger: READY,
            run() {
                browser.AudioContext = HeardAudio;
                scan(["P-1"])();
            },
        },
        {
            trigger: ANSWER("accepted", "P-1 is new, and registered."),
            run: hear("accepted"),
        },
        {trigger: "button[name='mode_component'].active"},
        {trigger: PRODUCT("P-1", "not_started")},
        {
            content: "Scans come faster than answers; some scanners end with Tab",
            trigger: READY,
            run: scan(["NOPE", "Tab"], ["MOT-0", "Tab"], ["OIL-0"]),
        },
        {trigger: `${FIELD}.qms_asked`},
        {trigger: COMPONENT("Motor", "completed")},
        {trigger: PRODUCT("P-1", "in_progress")},
        {trigger: READY, run: scan(["0.5"])},
        {trigger: `${COMPONENT("Oil", "in_progress")} td:contains('1.5')`},
        {trigger: READY, run: scan(["OIL-1"])},
        {
            content: "Enter alone takes all that remains",
            trigger: `${FIELD}.qms_asked`,
            run: scan([""]),
        },
        {trigger: PRODUCT("P-1", "completed")},
        {
            content: "Back to Product; a refusal is red, says why, and keeps the focus",
            trigger: "button[name='mode_product']",
            run: "click",
        },
        {trigger: READY, run: scan(["\x1d010400638133393121P-2"])},
        {trigger: PRODUCT("P-2")},
        {trigger: READY, run: scan(["MOT-7"])},
        {
            content: "It sounds otherwise than a success",
            trigger: `.text-bg-danger${ANSWER("refused", "Cracks")}`,
            run: hear("refused"),
        },
        {
            content: "GS1 names component, number and quantity in one scan",
            trigger: READY,
            run: scan(
                ["(01)04012345678901(21)MOT-1"],
                ["010409999999999610OIL-0\x1d301"],
                ["https://id.gs1.org/01/04099999999996/10/OIL-1?30=1"]
            ),
        },
        {trigger: PRODUCT("P-2", "completed")},
        {
            content: "The last one was a mistake",
            trigger: "button[name='undo']",
            run: "click",
        },
        {trigger: ANSWER("undone", "OIL-1 is taken out again.")},
        {
            content: "With a simple code the component is chosen in the grid",
            trigger: COMPONENT("Oil", "in_progress"),
            run: "click",
        },
        {trigger: `${COMPONENT("Oil")}.table-active`},
        {trigger: READY, run: scan(["OIL-2"])},
        {trigger: `${FIELD}.qms_asked`, run: scan(["1"])},
        {trigger: PRODUCT("P-2", "completed")},
        {
            content: "The answer is lost on the way, and the page is loaded again",
            trigger: "button[name='mode_product']",
            run: "click",
        },
        {trigger: "button[name='mode_product'].active"},
        {trigger: READY, run: scan(["P-3"])},
        {
            trigger: PRODUCT("P-3"),
            run() {
                browser.XMLHttpRequest = LostAnswer;
            },
        },
        {trigger: READY, run: scan(["MOT-3"], ["OIL-0"])},
        {
            content: "Both are kept",
            trigger: ".qms_track_offline:contains('2 scans')",
            run: () => window.location.reload(),
            expectUnloadPage: true,
        },
        {trigger: `${FIELD}.qms_asked`, run: scan(["2"])},
        {trigger: PRODUCT("P-3", "completed")},
        {trigger: ".qms_track_progress:contains('3 of 3')"},
    ],
});

const ROW = (lot) => `.qms_track_made tr[data-lot='${lot}']`;
const USED = (lot) => `.qms_track_used tr[data-lot='${lot}']`;

// Somebody looks at what was registered, and puts it right.
tours.add("qms_track_associations", {
    steps: () => [
        OPEN,
        {trigger: READY},
        {trigger: "button[name='associations']", run: "click"},
        {
            content: "The wrong motor was registered",
            trigger: `${ROW("P-1")} td:nth-child(3)`,
            run: "click",
        },
        {trigger: `${USED("MOT-1")} input[type=checkbox]`, run: "click"},
        {trigger: "button[name='remove_component']:enabled", run: "click"},
        {trigger: `.qms_track_used:not(:has(tr[data-lot='MOT-1']))`},
        {trigger: "button[name='create_component']", run: "click"},
        {
            content: "A new row has the focus, for the scanner",
            trigger: ".qms_track_new input[name='number']:focus",
            run: "edit MOT-2",
        },
        {trigger: "button[name='save_component']", run: "click"},
        {
            trigger: `${USED("MOT-2")} input[type=checkbox]`,
            run: "click",
        },
        {trigger: "button[name='pick']:enabled", run: "click"},
        {trigger: `${USED("MOT-2")}:contains('Picked')`},
        {
            content: "One more, with the product's next number, and away with it",
            trigger: "button[name='create_product']",
            run: "click",
        },
        {
            trigger: ".qms_track_new input[name='number']:focus",
            run: "edit P-9 && press Enter",
        },
        {trigger: `${ROW("P-9")} input[type=checkbox]`, run: "click"},
        {trigger: "button[name='remove_product']:enabled", run: "click"},
        {trigger: `.qms_track_made:not(:has(tr[data-lot='P-9']))`},
        {
            content: "The first one doesn't run: it is scrapped when it is reported",
            trigger: `${ROW("P-0")} input[name='error']`,
            run: "edit 1 && press Tab",
        },
        {trigger: `${ROW("P-0")} select[name='error_action']`},
        {trigger: `${ROW("P-0")} input[type=checkbox]`, run: "click"},
        {trigger: "button[name='report']:enabled", run: "click"},
        {trigger: `${ROW("P-0")}[data-state='done']`},
        {
            content: "The order was split, and has another name",
            trigger: ".o_last_breadcrumb_item:contains('-001')",
        },
        {trigger: `${ROW("P-0")} td:nth-child(3)`, run: "click"},
        {
            content: "What was consumed is corrected",
            trigger: `${USED("MOT-0")}:contains('Consumed')`,
        },
        {trigger: "button[name='adjust']:enabled", run: "click"},
        {
            trigger: ".modal .o_data_row:contains('MOT-0') td[name='lot_id']",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row td[name='lot_id'] input",
            run: "edit MOT-4",
        },
        {trigger: ".o-autocomplete--dropdown-item:contains('MOT-4')", run: "click"},
        {trigger: ".modal div[name='reason'] input", run: "edit Wrong label"},
        {trigger: ".modal button[name='action_confirm']", run: "click"},
        {trigger: `${USED("MOT-4")}:contains('Corrected')`},
    ],
});
