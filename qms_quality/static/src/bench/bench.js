import {BenchList} from "./bench_list";
import {BenchOrder} from "./bench_order";
import {Component, xml} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";

/** The page at the bench: an order's readings, or the orders to choose from. */
export class Bench extends Component {
    static template = xml`
        <BenchOrder t-if="orderId" t-props="props" orderId="orderId" />
        <BenchList t-else="" t-props="props" />`;
    static components = {BenchList, BenchOrder};
    static props = {...standardActionServiceProps};

    get orderId() {
        return this.props.action.context.active_id || false;
    }
}

registry.category("actions").add("qms_bench", Bench);
