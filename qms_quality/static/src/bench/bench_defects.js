import {Component, useState} from "@odoo/owl";
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

    getState(defect) {
        return this.state.problems[defect.id] ? "refused" : defect.verdict || "";
    }

    async onChange(defect, name, ev) {
        const key = `${defect.id} ${name}`;
        const text = ev.target.value.trim();
        this.state.typed[key] = text;
        try {
            await this.orm.write("qms.quality.order.defect", [defect.id], {
                [name]: text === "" ? false : Number(text),
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
