import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";

/** The defects of each class that a sampling plan counts. */
export class BenchDefects extends Component {
    static template = "qms_quality.BenchDefects";
    static props = {defects: Array, canEdit: Boolean, onCounted: Function};

    setup() {
        this.orm = useService("orm");
        // what was typed and refused, by class: it stays
        this.state = useState({typed: {}, problems: {}});
    }

    getCounts(defect) {
        return defect.needs_second ? ["found1", "found2"] : ["found1"];
    }

    getShown(defect, name) {
        const typed = this.state.typed[`${defect.id} ${name}`];
        return typed ?? (defect[name] === false ? "" : String(defect[name]));
    }

    onInput(defect, name, ev) {
        this.state.typed[`${defect.id} ${name}`] = ev.target.value;
    }

    getState(defect) {
        return this.state.problems[defect.id] ? "refused" : defect.verdict || "";
    }

    /** Enter goes to the next count. */
    onKeydown(ev) {
        if (ev.key !== "Enter") {
            return;
        }
        ev.preventDefault();
        const inputs = [...ev.target.closest("table").querySelectorAll("input")];
        const next = inputs[inputs.indexOf(ev.target) + 1];
        ev.target.blur();
        next?.focus();
    }

    parse(text) {
        if (!/^\d*$/.test(text)) {
            throw new Error(_t("“%s” is no number of defects.", text));
        }
        return text === "" ? false : Number(text);
    }

    async onChange(defect, name, ev) {
        const key = `${defect.id} ${name}`;
        const text = ev.target.value.trim();
        try {
            await this.orm.write("qms.quality.order.defect", [defect.id], {
                [name]: this.parse(text),
            });
        } catch (error) {
            this.state.problems[defect.id] = error.data?.message || error.message;
            return;
        }
        delete this.state.typed[key];
        delete this.state.problems[defect.id];
        await this.props.onCounted();
    }
}
