import {Component, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {useAutofocus} from "@web/core/utils/hooks";

export const MIN_LENGTH = 5;

/**
 * Asks why, before a change is sent again.
 */
export class ReasonDialog extends Component {
    static template = "qms_quality.ReasonDialog";
    static components = {Dialog};
    static props = {message: String, confirm: Function, close: Function};

    setup() {
        this.state = useState({reason: ""});
        useAutofocus({refName: "reason"});
    }

    get isEnough() {
        return this.state.reason.trim().length >= MIN_LENGTH;
    }

    onConfirm() {
        this.props.confirm(this.state.reason.trim());
        this.props.close();
    }

    onKeydown(event) {
        if (event.key === "Enter" && event.ctrlKey && this.isEnough) {
            this.onConfirm();
        }
    }
}
