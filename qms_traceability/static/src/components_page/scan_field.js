import {Component, onMounted, useExternalListener, useRef, useState} from "@odoo/owl";
import {useBus, useService} from "@web/core/utils/hooks";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {hasTouch} from "@web/core/browser/feature_detection";
import {isBarcodeScannerSupported} from "@web/core/barcode/barcode_video_scanner";
import {scanBarcode} from "@web/core/barcode/barcode_dialog";

const FNC1 = "\x1d";
// where the focus may be instead
const OTHERS = ".modal, .o-dropdown--menu, .o_popover, .o_navbar, .o_main_navbar";

/** The field to scan or type into. It has the focus, always. */
export class ScanField extends Component {
    static template = "qms_traceability.ScanField";
    static props = {
        take: Function,
        cancel: Function,
        label: String,
        placeholder: String,
        isQuestion: Boolean,
    };

    setup() {
        this.notification = useService("notification");
        this.input = useRef("input");
        this.hasTouch = hasTouch();
        this.hasCamera = isBarcodeScannerSupported();
        this.state = useState({hasKeyboard: !this.hasTouch});
        this.digits = "";
        const barcode = useService("barcode");
        useBus(barcode.bus, "barcode_scanned", (ev) => this.take(ev.detail.barcode));
        useExternalListener(document, "focusin", (ev) => this.keepFocus(ev.target));
        useExternalListener(document, "click", () => this.keepFocus());
        onMounted(() => this.focus());
    }

    focus() {
        this.input.el?.focus();
    }

    keepFocus(target = document.activeElement) {
        if (target === this.input.el || target?.closest(OTHERS)) {
            return;
        }
        if (!document.querySelector(".modal")) {
            // after the click that took it away
            browser.setTimeout(() => this.focus());
        }
    }

    onBlur() {
        browser.setTimeout(() => this.keepFocus());
    }

    onKeydown(ev) {
        const {value} = ev.target;
        if (ev.key === "Enter" || (ev.key === "Tab" && value.trim())) {
            ev.preventDefault();
            return this.submit();
        }
        if (ev.key === "Escape") {
            ev.target.value = "";
            return this.props.cancel();
        }
        if (this.isSeparator(ev)) {
            ev.preventDefault();
            this.insert(FNC1);
        }
    }

    /** Scanners send the separator of GS1 as it is, as Ctrl+], as F8 or as Alt+029. */
    isSeparator(ev) {
        if (ev.altKey && /^\d$/.test(ev.key)) {
            ev.preventDefault();
            this.digits += ev.key;
            const isComplete = /0?29$/.test(this.digits);
            this.digits = isComplete ? "" : this.digits;
            return isComplete;
        }
        this.digits = ev.key === "Alt" ? this.digits : "";
        return ev.key === FNC1 || ev.key === "F8" || (ev.ctrlKey && ev.key === "]");
    }

    insert(text) {
        const {el} = this.input;
        el.setRangeText(text, el.selectionStart, el.selectionEnd, "end");
    }

    submit() {
        const {el} = this.input;
        const code = el.value;
        // free for the next scan before this one is answered
        el.value = "";
        return this.take(code);
    }

    take(code) {
        if (code.trim() || this.props.isQuestion) {
            return this.props.take(code.trim());
        }
    }

    toggleKeyboard() {
        this.state.hasKeyboard = !this.state.hasKeyboard;
        this.input.el.blur();
    }

    async onCamera() {
        try {
            await this.take(await scanBarcode(this.env));
        } catch (error) {
            // a camera that is missing or locked is no fault of the page
            if (error.data) {
                throw error;
            }
            this.notification.add(error.message || _t("No camera."), {type: "warning"});
        }
    }
}
