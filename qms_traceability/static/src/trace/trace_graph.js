import {
    Component,
    onMounted,
    onWillStart,
    onWillUnmount,
    useEffect,
    useRef,
    xml,
} from "@odoo/owl";
import {HEIGHT, WIDTH, layOut} from "./trace_layout";
import {_t} from "@web/core/l10n/translation";
import {cookie} from "@web/core/browser/cookie";
import {formatFloat} from "@web/views/fields/formatters";
import {loadJS} from "@web/core/assets";

const LIBRARY = "/qms_traceability/static/lib/cytoscape/cytoscape.min.js";
const LONGEST_LABEL = 26;
const LONGEST_BOLD = 22;
// with more nodes, lines have no arrows, and are left out while the picture moves
const MANY = 400;
// the widest picture that browsers draw
const LARGEST_PICTURE = 8000;

const PAINT = {
    light: {
        text: "#1f2937",
        muted: "#6b7280",
        line: "#9ca3af",
        fill: "#ffffff",
        mark: "#714b67",
    },
    dark: {
        text: "#e5e7eb",
        muted: "#9ca3af",
        line: "#6b7280",
        fill: "#262a36",
        mark: "#b18ba7",
    },
};

function shorten(text, longest) {
    return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

export function formatQuantity(quantity, uom) {
    // as many digits as are needed, without the zeros behind
    const text = formatFloat(quantity, {digits: [16, 3], trailingZeros: false});
    return `${text} ${uom || ""}`.trim();
}

/** Draws a trace on a canvas, and tells which node or link is touched. */
export class TraceGraph extends Component {
    static template = xml`
        <div class="qms_trace_canvas" t-ref="canvas" role="img" t-att-aria-label="label" />`;
    static props = {
        visible: Object,
        roots: Array,
        chosen: {type: [String, Boolean], optional: true},
        found: Array,
        onChoose: Function,
        onToggle: Function,
        setApi: Function,
    };

    setup() {
        this.canvas = useRef("canvas");
        this.colors = {};
        this.paint = PAINT[cookie.get("color_scheme") === "dark" ? "dark" : "light"];
        onWillStart(() => loadJS(LIBRARY));
        onMounted(() => {
            this.start();
            this.props.setApi({
                fit: () => this.fit(),
                zoom: (factor) => this.zoom(factor),
                center: (id) => this.center(id),
                getPicture: () => this.getPicture(),
            });
        });
        useEffect(
            () => this.draw(),
            () => [this.props.visible]
        );
        useEffect(
            () => this.mark(),
            () => [this.props.chosen, this.props.found, this.props.visible]
        );
        onWillUnmount(() => this.cy?.destroy());
    }

    get label() {
        return _t("Genealogy: suppliers on the left, customers on the right");
    }

    start() {
        const isLarge = this.props.visible.nodes.length > MANY;
        this.cy = window.cytoscape({
            container: this.canvas.el,
            style: this.getStyle(isLarge),
            minZoom: 0.02,
            maxZoom: 3,
            autoungrabify: true,
            boxSelectionEnabled: false,
            selectionType: "single",
            // a gesture moves a picture of the picture
            hideEdgesOnViewport: isLarge,
            textureOnViewport: isLarge,
            pixelRatio: isLarge ? 1 : "auto",
        });
        this.cy.on("tap", (ev) =>
            this.props.onChoose(ev.target === this.cy ? false : ev.target.id())
        );
        this.cy.on("dbltap", "node", (ev) => this.props.onToggle(ev.target.id()));
    }

    getStyle(isLarge) {
        const {text, muted, line, fill, mark} = this.paint;
        return [
            {
                selector: "node",
                style: {
                    shape: "round-rectangle",
                    width: WIDTH,
                    height: HEIGHT,
                    "background-color": fill,
                    "border-width": 1.5,
                    "border-color": line,
                    label: "data(label)",
                    "text-wrap": "wrap",
                    "text-valign": "center",
                    "text-halign": "center",
                    "font-family": "Inter, Roboto, Helvetica, Arial, sans-serif",
                    "font-size": 12,
                    "line-height": 1.25,
                    color: text,
                    "min-zoomed-font-size": 6,
                },
            },
            {
                selector: "node[color]",
                style: {
                    "background-color": "data(color)",
                    "border-color": "data(border)",
                    color: "data(ink)",
                },
            },
            {
                selector: "node.product",
                style: {"border-style": "dashed", color: muted},
            },
            {
                selector: "node.group",
                style: {
                    shape: "cut-rectangle",
                    "border-width": 3,
                    "border-style": "double",
                },
            },
            {
                selector: "node.supplier, node.customer",
                style: {"corner-radius": HEIGHT / 2, "font-weight": 600},
            },
            {
                selector: "node.root",
                style: {"border-width": 4, "border-color": mark, "font-weight": 700},
            },
            {
                selector: "edge",
                style: {
                    width: 1.2,
                    "line-color": line,
                    // plain lines are drawn much faster
                    ...(isLarge
                        ? {"curve-style": "haystack", "haystack-radius": 0}
                        : {
                              "curve-style": "straight",
                              "source-endpoint": "90deg",
                              "target-endpoint": "270deg",
                              "target-arrow-shape": "triangle",
                              "target-arrow-color": line,
                              "arrow-scale": 0.8,
                          }),
                },
            },
            {selector: "edge.uncertain", style: {"line-style": "dashed"}},
            {selector: ".far", style: {opacity: 0.18}},
            {
                selector: "edge.near",
                style: {
                    "line-color": mark,
                    "target-arrow-color": mark,
                    width: 2,
                },
            },
            {
                selector: "edge.told",
                style: {
                    label: "data(label)",
                    "font-size": 11,
                    color: text,
                    "text-background-color": fill,
                    "text-background-opacity": 0.9,
                    "text-background-padding": 2,
                },
            },
            {
                selector: "node.found",
                style: {
                    "underlay-color": "#f59e0b",
                    "underlay-opacity": 0.45,
                    "underlay-padding": 6,
                },
            },
            {
                selector: ".chosen",
                style: {"border-width": 4, "border-color": mark, width: WIDTH + 6},
            },
            {selector: "edge.chosen", style: {width: 4, "line-color": mark}},
        ];
    }

    // -- Drawing ----------------------------------------------------------------------

    draw() {
        const {nodes, links} = this.props.visible;
        const start = performance.now();
        const positions = layOut(nodes, links);
        this.canvas.el.dataset.layout = Math.round(performance.now() - start);
        const isFirst = !this.cy.elements().length;
        this.cy.batch(() => {
            this.cy.elements().remove();
            this.cy.add([
                ...nodes.map((node) => this.getElement(node, positions.get(node.id))),
                ...links.map((link) => this.getLine(link)),
            ]);
        });
        this.canvas.el.dataset.nodes = nodes.length;
        this.canvas.el.dataset.links = links.length;
        if (isFirst || !this.isInSight()) {
            this.fit();
        }
    }

    getElement(node, position) {
        const data = {id: node.id, label: this.getLabel(node)};
        if (node.status) {
            Object.assign(data, this.getColors(node.status.color));
        }
        const classes = [node.kind];
        if (this.props.roots.includes(node.id)) {
            classes.push("root");
        }
        return {group: "nodes", data, position, classes};
    }

    /** Returns what a badge of that colour looks like: one meaning, one look. */
    getColors(number) {
        if (!this.colors[number]) {
            const badge = document.createElement("span");
            badge.className = `badge o_badge_color_${number}`;
            this.canvas.el.append(badge);
            const {backgroundColor, color} = getComputedStyle(badge);
            this.colors[number] = {color: backgroundColor, border: color, ink: color};
            badge.remove();
        }
        return this.colors[number];
    }

    getLabel(node) {
        const hidden = this.props.visible.hidden.get(node.id);
        // what is traced, and partners, are in bold
        const isBold = node.level === 0 || node.partner_id !== undefined;
        const longest = isBold ? LONGEST_BOLD : LONGEST_LABEL;
        const lines = [
            shorten(hidden ? `${node.name}  +${hidden}` : node.name, longest),
        ];
        if (node.product && node.product !== node.name) {
            lines.push(shorten(node.product, longest));
        }
        return lines.join("\n");
    }

    getLine(link) {
        return {
            group: "edges",
            data: {
                id: link.id,
                source: link.source,
                target: link.target,
                label: formatQuantity(link.quantity, link.uom),
            },
            classes: link.uncertain ? ["uncertain"] : [],
        };
    }

    /** Show what is before and behind the chosen node, and what the search found. */
    mark() {
        const {chosen, found} = this.props;
        this.cy.batch(() => {
            this.cy.elements().removeClass("far near told chosen found");
            found.forEach((id) => this.cy.getElementById(id).addClass("found"));
            const element = chosen && this.cy.getElementById(chosen);
            if (!element || !element.length) {
                return;
            }
            element.addClass("chosen");
            if (element.isNode()) {
                const near = element.predecessors().union(element.successors());
                this.cy.elements().not(near).not(element).addClass("far");
                near.edges().addClass("near");
                const beside = element.connectedEdges();
                if (beside.length <= 12) {
                    beside.addClass("told");
                }
            } else {
                element.addClass("told");
            }
        });
    }

    // -- Looking ----------------------------------------------------------------------

    isInSight() {
        const {x1, x2, y1, y2} = this.cy.extent();
        return this.cy.nodes().some((node) => {
            const {x, y} = node.position();
            return x > x1 && x < x2 && y > y1 && y < y2;
        });
    }

    fit() {
        this.cy.resize();
        this.cy.fit(undefined, 30);
        if (this.cy.zoom() > 1.2) {
            this.cy.zoom(1.2);
            this.cy.center();
        }
    }

    zoom(factor) {
        const {width, height} = this.canvas.el.getBoundingClientRect();
        this.cy.zoom({
            level: this.cy.zoom() * factor,
            renderedPosition: {x: width / 2, y: height / 2},
        });
    }

    center(id) {
        const node = this.cy.getElementById(id);
        if (node.length) {
            this.cy.zoom(Math.max(this.cy.zoom(), 0.9));
            this.cy.center(node);
        }
    }

    /** Returns all that is drawn as a picture, not only what is in sight. */
    getPicture() {
        const {w, h} = this.cy.elements().boundingBox();
        return this.cy.png({
            output: "blob",
            full: true,
            bg: this.paint.fill,
            scale: Math.min(2, LARGEST_PICTURE / Math.max(w, h)),
        });
    }
}
