import {Component, onWillStart, useState} from "@odoo/owl";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {BenchScan} from "./bench_scan";
import {Layout} from "@web/search/layout";
import {browser} from "@web/core/browser/browser";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

const SCOPE = "qms_bench_scope";

/** The open orders, and a field to scan into. */
export class BenchList extends Component {
    static template = "qms_quality.BenchList";
    static components = {BenchScan, Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({
            scope: browser.localStorage.getItem(SCOPE) || "mine",
            orders: [],
            more: 0,
        });
        onWillStart(() => this.load());
    }

    async load() {
        const answer = await this.orm.call("qms.quality.order", "get_bench_orders", [
            this.state.scope,
        ]);
        Object.assign(this.state, answer);
    }

    onScope(scope) {
        this.state.scope = scope;
        browser.localStorage.setItem(SCOPE, scope);
        return this.load();
    }

    formatDue(order) {
        return order.due ? formatDate(deserializeDate(order.due)) : "";
    }

    open(order) {
        return this.action.doAction("qms_quality.action_qms_bench", {
            additionalContext: {active_id: order.id},
        });
    }
}
