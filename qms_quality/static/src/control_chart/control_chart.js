import {
    Component,
    onWillStart,
    onWillUnmount,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/views/fields/formatters";
import {deserializeDateTime, formatDate, formatDateTime} from "@web/core/l10n/dates";
import {loadBundle} from "@web/core/assets";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

const COLORS = {
    value: "#714b67",
    failed: "#d9534f",
    warning: "#f0ad4e",
    signal: "#0d6efd",
    limit: "#d9534f",
    target: "#28a745",
    mean: "#6c757d",
};

/** The last readings of a test for a product, with its limits and Nelson's rules. */
export class ControlChart extends Component {
    static template = "qms_quality.ControlChart";
    static props = {...standardWidgetProps};

    setup() {
        // Not by useService: to leave the form while the chart loads is no error.
        this.orm = this.env.services.orm;
        this.action = useService("action");
        this.canvas = useRef("canvas");
        this.state = useState({choices: [], chosen: 0, data: null});
        onWillStart(async () => {
            const {resModel, resId} = this.props.record;
            const [choices] = await Promise.all([
                resId
                    ? this.orm.call("qms.test", "get_control_chart_choices", [
                          resModel,
                          resId,
                      ])
                    : [],
                loadBundle("web.chartjs_lib"),
            ]);
            this.state.choices = choices;
            await this.load();
        });
        useEffect(
            () => this.draw(),
            () => [this.state.data]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    get rules() {
        return {
            1: _t("1: further than three standard deviations from the mean"),
            2: _t("2: nine in a row on one side of the mean"),
            3: _t("3: six in a row that rise, or fall"),
            4: _t("4: fourteen in a row that go up and down by turns"),
        };
    }

    /** The rules that are broken, with how often. */
    get signals() {
        const counts = {};
        for (const point of this.state.data.points) {
            for (const rule of point.rules) {
                counts[rule] = (counts[rule] || 0) + 1;
            }
        }
        return Object.entries(counts).map(([rule, count]) => ({
            rule,
            text: this.rules[rule],
            count,
        }));
    }

    format(value) {
        const {decimals, unit} = this.state.data;
        return `${formatFloat(value, {digits: [16, decimals]})} ${unit}`.trim();
    }

    async load() {
        const choice = this.state.choices[this.state.chosen];
        this.state.data = choice
            ? await this.orm.call("qms.test", "get_control_chart", [
                  [choice.test_id],
                  choice.product_id,
              ])
            : null;
    }

    onChoose(ev) {
        this.state.chosen = Number(ev.target.value);
        return this.load();
    }

    getPointColor(point) {
        if (point.verdict === "failed") {
            return COLORS.failed;
        }
        if (point.is_warning) {
            return COLORS.warning;
        }
        return point.rules.length ? COLORS.signal : COLORS.value;
    }

    /** A level line, or nothing where there is no such limit. */
    getLine(name, label, color, dash) {
        const value = this.state.data[name];
        if (value === false) {
            return [];
        }
        return [
            {
                label: `${label}: ${this.format(value)}`,
                data: this.state.data.points.map(() => value),
                borderColor: color,
                borderDash: dash,
                borderWidth: 1.5,
                pointRadius: 0,
                pointHitRadius: 0,
            },
        ];
    }

    getDatasets() {
        const {points} = this.state.data;
        return [
            {
                label: _t("Readings"),
                data: points.map((point) => point.value),
                borderColor: COLORS.value,
                borderWidth: 1.5,
                pointBackgroundColor: points.map((point) => this.getPointColor(point)),
                pointBorderColor: points.map((point) => this.getPointColor(point)),
                pointRadius: points.map((point) => (point.rules.length ? 6 : 3)),
                pointStyle: points.map((point) =>
                    point.rules.length ? "rectRot" : "circle"
                ),
            },
            ...this.getLine("mean", _t("Mean"), COLORS.mean, [2, 2]),
            ...this.getLine("target", _t("Target"), COLORS.target, []),
            ...this.getLine("lower_limit", _t("Lower limit"), COLORS.limit, []),
            ...this.getLine("upper_limit", _t("Upper limit"), COLORS.limit, []),
            ...this.getLine(
                "lower_warning",
                _t("Lower warning"),
                COLORS.warning,
                [6, 4]
            ),
            ...this.getLine(
                "upper_warning",
                _t("Upper warning"),
                COLORS.warning,
                [6, 4]
            ),
        ];
    }

    draw() {
        this.chart?.destroy();
        this.chart = null;
        const {data} = this.state;
        if (!this.canvas.el || !data?.points.length) {
            return;
        }
        const {Chart} = window;
        this.chart = new Chart(this.canvas.el, {
            type: "line",
            data: {
                labels: data.points.map((point) =>
                    formatDate(deserializeDateTime(point.date))
                ),
                datasets: this.getDatasets(),
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                scales: {x: {ticks: {maxRotation: 45}}},
                interaction: {mode: "nearest", intersect: false},
                onClick: (ev, elements) => this.onClick(elements),
                plugins: {
                    legend: {position: "bottom", labels: {boxHeight: 1}},
                    tooltip: {
                        filter: (item) => item.datasetIndex === 0,
                        callbacks: {
                            title: ([item]) =>
                                item &&
                                formatDateTime(
                                    deserializeDateTime(
                                        data.points[item.dataIndex].date
                                    )
                                ),
                            label: (item) =>
                                this.getTooltip(data.points[item.dataIndex]),
                        },
                    },
                },
            },
        });
    }

    getTooltip(point) {
        const rules = point.rules.map((rule) => this.rules[rule]);
        return [`${this.format(point.value)} · ${point.label}`, ...rules];
    }

    onClick(elements) {
        const element = elements.find(({datasetIndex}) => datasetIndex === 0);
        if (!element) {
            return;
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "qms.quality.order",
            res_id: this.state.data.points[element.index].order_id,
            views: [[false, "form"]],
        });
    }
}

registry.category("view_widgets").add("qms_control_chart", {component: ControlChart});
