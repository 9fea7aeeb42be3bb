import {Component, onMounted, onWillStart, onWillUnmount} from "@odoo/owl";
import {useExternalListener, useRef, useState} from "@odoo/owl";
import {BenchDefects} from "./bench_defects";
import {BenchDetails} from "./bench_details";
import {BenchGrid} from "./bench_grid";
import {BenchInstructions} from "./bench_instructions";
import {BenchModel} from "./bench_model";
import {BenchScan} from "./bench_scan";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {getDataURLFromFile} from "@web/core/utils/urls";
import {hasTouch} from "@web/core/browser/feature_detection";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";

const FEW_SAMPLES = 4;
const KEYPAD = "qms_bench_keypad";

/** The readings of one order, to be entered at the bench. */
export class BenchOrder extends Component {
    static template = "qms_quality.BenchOrder";
    static components = {BenchDefects, BenchDetails, BenchGrid, BenchScan, Layout};
    static props = {...standardActionServiceProps, orderId: Number};

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.root = useRef("root");
        this.model = useState(new BenchModel(this.orm, this.props.orderId));
        this.state = useState({
            active: false,
            byTest: false,
            hasKeypad: this.wantsKeypad(),
        });
        useSetupAction({
            beforeLeave: () => this.onLeave(),
            beforeUnload: (ev) => this.onUnload(ev),
        });
        useExternalListener(window, "online", () => this.model.send());
        onWillStart(() => this.load());
        onWillUnmount(() => this.model.stop());
        onMounted(() => this.focusNext());
    }

    async load() {
        await this.model.load();
        const {order, rows} = this.model.data;
        this.env.config.setDisplayName(_t("Bench: %s", order.name));
        this.state.byTest = rows.length <= FEW_SAMPLES;
    }

    // -- What is shown ----------------------------------------------------------------

    get order() {
        return this.model.data.order;
    }

    get isOpen() {
        return this.order.can_edit;
    }

    get active() {
        return this.state.active && this.model.getSpot(this.state.active);
    }

    /** How much is read and counted, of how much. */
    get progress() {
        const {defects} = this.model.data;
        const counted = defects.filter(({found1}) => found1 !== false).length;
        const read = this.model.enterable - this.order.missing;
        const total = this.model.enterable + defects.length;
        const done = read + counted;
        return {done, total, percent: total ? (100 * done) / total : 0};
    }

    get isComplete() {
        const isCounted = this.model.data.defects.every(({verdict}) => verdict);
        return !this.order.required_missing && isCounted;
    }

    get problems() {
        return this.model.refused.map((entry) => {
            const spot = this.model.getSpot(entry.id);
            const label = spot ? `${spot.column.name}, ${spot.row.label}` : "";
            return {...entry, label};
        });
    }

    /** How many pasted values wait for others to be mended. */
    get keptCount() {
        const batches = new Set(this.model.refused.map(({batch}) => batch));
        return this.model.entered.filter(
            ({batch, state}) => state === "waiting" && batches.has(batch)
        ).length;
    }

    wantsKeypad() {
        const wanted = browser.localStorage.getItem(KEYPAD);
        return wanted ? wanted === "1" : hasTouch();
    }

    toggleKeypad() {
        this.state.hasKeypad = !this.state.hasKeypad;
        browser.localStorage.setItem(KEYPAD, this.state.hasKeypad ? "1" : "0");
        this.focus(this.state.active);
    }

    toggleLayout() {
        this.state.byTest = !this.state.byTest;
    }

    // -- Going from reading to reading ------------------------------------------------

    getField(readingId) {
        return this.root.el?.querySelector(`[data-reading="${readingId}"]`);
    }

    focus(readingId) {
        const field = this.getField(readingId);
        field?.focus();
        field?.scrollIntoView({block: "nearest", inline: "nearest"});
        return Boolean(field);
    }

    /** Go to the next empty reading, from the last one to the button that validates. */
    focusNext(readingId = false) {
        const count = this.root.el?.querySelector(".qms_bench_defects input");
        if (!readingId && count && !count.value) {
            return count.focus();
        }
        const next = this.model.getNextEmpty(readingId);
        if (next) {
            return this.focus(next.cell.result_id);
        }
        if (readingId) {
            this.root.el?.querySelector("button[name='validate']")?.focus();
        }
    }

    onActive(spot) {
        // the first key takes the place of what stands there
        this.isFresh = this.isFresh || this.state.active !== spot.cell.result_id;
        this.state.active = spot.cell.result_id;
    }

    /** Go to the cell that is seen in a direction, past what can't be entered. */
    onMove(spot, down, right) {
        const [samples, tests] = this.state.byTest ? [right, down] : [down, right];
        let next = this.model.getSpotBeyond(spot, samples, tests);
        while (next && !this.focus(next.cell.result_id)) {
            next = this.model.getSpotBeyond(next, samples, tests);
        }
    }

    onDone(spot) {
        this.focusNext(spot.cell.result_id);
    }

    onChosen(spot, {value, name}) {
        this.model.choose(spot, value, name);
        this.focusNext(spot.cell.result_id);
    }

    // -- Entering ---------------------------------------------------------------------

    async onPaste(spot, text) {
        // what is typed in the cell gives way
        this.getField(spot.cell.result_id).value = this.model.getShown(spot);
        const message = await this.model.paste(spot, text, this.state.byTest);
        if (message) {
            this.notification.add(message, {type: "warning"});
        }
    }

    onKey(key) {
        const field = this.getField(this.state.active);
        if (!field) {
            return;
        }
        field.focus();
        if (key === "Enter") {
            field.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
        } else if (key === "Backspace") {
            field.value = field.value.slice(0, -1);
        } else {
            field.value = (this.isFresh ? "" : field.value) + key;
            field.setSelectionRange(field.value.length, field.value.length);
        }
        this.isFresh = false;
    }

    async onPicture(spot, file) {
        const url = await getDataURLFromFile(file);
        this.model.choose(spot, url.split(",")[1], file.name);
        this.focusNext(spot.cell.result_id);
    }

    // -- Leaving ----------------------------------------------------------------------

    onUnload(ev) {
        if (this.model.unsaved.length) {
            ev.preventDefault();
            ev.returnValue = "Unsaved changes";
        }
    }

    onLeave() {
        if (!this.model.unsaved.length) {
            return true;
        }
        return new Promise((resolve) => {
            this.dialog.add(ConfirmationDialog, {
                title: _t("Readings Not Saved"),
                body: _t(
                    "%s readings are not saved. If you leave now, they are lost.",
                    this.model.unsaved.length
                ),
                confirmLabel: _t("Stay Here"),
                confirm: () => resolve(false),
                cancelLabel: _t("Leave"),
                cancel: () => resolve(true),
                dismiss: () => resolve(false),
            });
        });
    }

    // -- The order --------------------------------------------------------------------

    /** What was just entered goes first; what is still missing the server names. */
    async onValidate() {
        await this.model.send();
        await this.model.refresh();
        if (this.model.unsaved.length) {
            return;
        }
        const {name, verdict} = this.order;
        if (!verdict) {
            return this.validate();
        }
        const texts = {
            passed: _t("The inspection passes: its hold on the goods is released."),
            failed: _t("The inspection fails: the goods stay held."),
        };
        this.dialog.add(ConfirmationDialog, {
            title: _t("Validate %s", name),
            body: texts[verdict],
            confirmLabel: _t("Validate"),
            confirm: () => this.validate(),
            cancel: () => undefined,
        });
    }

    /** Validate; where it has to be signed first, the dialog to sign comes up. */
    validate() {
        return this.action.doActionButton({
            type: "object",
            name: "action_validate",
            resModel: "qms.quality.order",
            resId: this.props.orderId,
            onClose: () => this.model.load(),
        });
    }

    openInstructions() {
        this.dialog.add(BenchInstructions, {instructions: this.order.instructions});
    }

    openForm() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "qms.quality.order",
            res_id: this.props.orderId,
            views: [[false, "form"]],
        });
    }

    openBench() {
        return this.action.doAction("qms_quality.action_qms_bench", {
            clearBreadcrumbs: true,
        });
    }

    /** A serial number of this order leads to its readings. */
    findHere(code) {
        const spots = this.model.findSpots(({row}) => row.label === code);
        const spot = spots.find((one) => this.model.isEmpty(one)) || spots[0];
        return Boolean(spot && this.focus(spot.cell.result_id));
    }
}
