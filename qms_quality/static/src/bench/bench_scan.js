import {Component, useRef, useState} from "@odoo/owl";
import {useBus, useService} from "@web/core/utils/hooks";
import {BenchHits} from "./bench_hits";
import {isBarcodeScannerSupported} from "@web/core/barcode/barcode_video_scanner";
import {scanBarcode} from "@web/core/barcode/barcode_dialog";

/**
 * Opens the order of a lot, a serial number or an order's number: typed, scanned with a
 * scanner, or read by the camera.
 */
export class BenchScan extends Component {
    static template = "qms_quality.BenchScan";
    static props = {
        isBig: {type: Boolean, optional: true},
        findHere: {type: Function, optional: true},
        stackPosition: {type: String, optional: true},
    };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.input = useRef("input");
        this.state = useState({code: ""});
        this.hasCamera = isBarcodeScannerSupported();
        const barcode = useService("barcode");
        useBus(barcode.bus, "barcode_scanned", (ev) => this.scan(ev.detail.barcode));
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            return this.scan(this.state.code);
        }
    }

    async onCamera() {
        try {
            await this.scan(await scanBarcode(this.env));
        } catch (error) {
            // a camera that is missing or locked is no fault of the page
            if (error.data) {
                throw error;
            }
            this.notification.add(error.message, {type: "warning"});
        }
    }

    async scan(code) {
        const text = code.trim();
        if (!text) {
            return;
        }
        this.state.code = "";
        if (this.props.findHere?.(text)) {
            return;
        }
        const {orders, message} = await this.orm.call("qms.quality.order", "scan", [
            text,
        ]);
        if (orders.length > 1) {
            this.dialog.add(BenchHits, {
                code: text,
                hits: orders,
                open: (hit) => this.open(hit),
            });
        } else if (orders.length) {
            return this.open(orders[0]);
        } else {
            this.notification.add(message, {type: "warning"});
        }
    }

    open({id}) {
        return this.action.doAction("qms_quality.action_qms_bench", {
            additionalContext: {active_id: id},
            stackPosition: this.props.stackPosition,
        });
    }
}
