import {ConnectionLostError} from "@web/core/network/rpc";
import {markRaw, toRaw} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {formatValue} from "./bench_value";

const MODEL = "qms.quality.order";
const DEFECT = "qms.quality.order.defect";
const RETRY_AFTER = 5000;
const REFRESH_AFTER = 300;

/** Returns where the readings are, test by test: ``reading id → [column, row]``. */
function getPlaces({columns, rows}) {
    const places = new Map();
    columns.forEach(({test_id: testId}, x) => {
        rows.forEach(({cells}, y) => {
            if (cells[testId]) {
                places.set(cells[testId].result_id, [x, y]);
            }
        });
    });
    return places;
}

/** Returns a pasted table with its lines as columns. */
function transpose(text) {
    const lines = text
        .replace(/(\r?\n)+$/, "")
        .split(/\r?\n/)
        .map((line) => line.split("\t"));
    const width = Math.max(...lines.map((line) => line.length));
    return Array.from({length: width}, (_, i) =>
        lines.map((line) => line[i] || "").join("\t")
    ).join("\n");
}

function formatCount(value) {
    return value === false ? "" : String(value);
}

function parseCount(text) {
    if (!/^\d*$/.test(text)) {
        throw new Error(_t("“%s” is no number of defects.", text));
    }
    return text === "" ? false : Number(text);
}

/**
 * The readings of one order as the bench shows them, and what was entered but isn't
 * saved yet: an entry is waiting, being sent, or refused with the reason. So is a count
 * of defects, from the first key on. Nothing that was typed is dropped before the server
 * has it.
 */
export class BenchModel {
    constructor(orm, orderId) {
        this.orm = orm;
        this.orderId = orderId;
        this.data = null;
        this.places = markRaw(new Map());
        this.enterable = 0;
        this.version = 0;
        this.entries = {};
        this.counts = {};
        this.lastBatch = 0;
        this.isOffline = false;
        this.isSending = false;
    }

    // -- What is shown ----------------------------------------------------------------

    async load() {
        const data = await this.orm.call(MODEL, "get_bench_data", [[this.orderId]]);
        if (this.data && this.hasSameReadings(data)) {
            this.merge(data);
        } else {
            this.data = data;
            this.places = markRaw(getPlaces(data));
            this.enterable = this.findSpots(({cell}) => !cell.readonly).length;
            this.version++;
        }
        this.dropGoneCounts();
    }

    hasSameReadings(data) {
        const getKeys = ({columns, rows}) =>
            JSON.stringify([
                columns.map((column) => column.test_id),
                rows.map((row) => [row.key, Object.keys(row.cells)]),
            ]);
        return getKeys(toRaw(this.data)) === getKeys(data);
    }

    /** Take over what changed, so that nothing else is drawn again. */
    merge(data) {
        const {columns, rows, ...rest} = data;
        Object.assign(this.data, rest);
        columns.forEach((column, i) => Object.assign(this.data.columns[i], column));
        rows.forEach((row, i) => {
            for (const [testId, cell] of Object.entries(row.cells)) {
                const old = toRaw(this.data).rows[i].cells[testId];
                if (Object.keys(cell).some((key) => cell[key] !== old[key])) {
                    Object.assign(this.data.rows[i].cells[testId], cell);
                }
            }
        });
    }

    /** Returns a reading with its test and its sample, where it is still there. */
    getSpot(readingId) {
        if (!this.places.has(readingId)) {
            return null;
        }
        const [x, y] = this.places.get(readingId);
        const column = this.data.columns[x];
        const row = this.data.rows[y];
        return {column, row, cell: row.cells[column.test_id]};
    }

    /** Returns readings in the order in which they are taken: test by test. */
    findSpots(condition) {
        const {columns, rows} = toRaw(this.data);
        return [...this.places.values()]
            .map(([x, y]) => ({column: columns[x], row: rows[y]}))
            .map((spot) => ({...spot, cell: spot.row.cells[spot.column.test_id]}))
            .filter(condition);
    }

    canEnter({cell}) {
        return this.data.order.can_edit && !cell.readonly;
    }

    isEmpty({cell}) {
        return !cell.recorded && !this.entries[cell.result_id];
    }

    /** Returns the next reading to take after one, from the start again at the end. */
    getNextEmpty(readingId) {
        const spots = this.findSpots(
            (spot) =>
                spot.cell.result_id === readingId ||
                (this.canEnter(spot) && this.isEmpty(spot))
        );
        const here = spots.findIndex(({cell}) => cell.result_id === readingId);
        const ahead = [...spots.slice(here + 1), ...spots.slice(0, Math.max(here, 0))];
        return ahead[0];
    }

    /** Returns what stands in a cell: what was typed, else what is recorded. */
    getShown({column, cell}) {
        const entry = this.entries[cell.result_id];
        return entry ? entry.text : formatValue(column, cell.value);
    }

    getValue({cell}) {
        const entry = this.entries[cell.result_id];
        return entry ? entry.value : cell.value;
    }

    // -- What was entered -------------------------------------------------------------

    get entered() {
        return Object.values(this.entries);
    }

    get counted() {
        return Object.values(this.counts);
    }

    get unsaved() {
        return [...this.entered, ...this.counted];
    }

    get refused() {
        return this.entered.filter((entry) => entry.state === "refused");
    }

    /** Tell whether something has to be mended before it can be saved. */
    get hasRefused() {
        return this.unsaved.some(({state}) => state === "refused");
    }

    /** Returns what can be sent: what was pasted is sent whole or not at all. */
    get waiting() {
        const kept = new Set(this.refused.map(({batch}) => batch));
        return this.entered.filter(
            ({state, batch}) => state === "waiting" && !kept.has(batch)
        );
    }

    /** Take what was typed into a cell, and send it. */
    enter(spot, text) {
        this.take(spot, text, this.entries[spot.cell.result_id]?.batch);
        return this.send();
    }

    /** Take a value that was chosen, and send it. */
    choose(spot, value, text) {
        if (value === this.getValue(spot)) {
            return;
        }
        this.put(spot, value, text, this.entries[spot.cell.result_id]?.batch);
        return this.send();
    }

    /** Take what was typed into a cell; the server knows how to read it. */
    take(spot, text, batch) {
        const typed = text.trim();
        if (typed === formatValue(spot.column, spot.cell.value).trim()) {
            this.drop(spot.cell.result_id);
        } else if (typed !== this.getShown(spot).trim()) {
            this.put(spot, typed || false, text, batch);
        }
    }

    put({cell}, value, text, batch = ++this.lastBatch) {
        const id = cell.result_id;
        if (value === false && !cell.recorded) {
            return this.drop(id);
        }
        this.entries[id] = {id, value, text, batch, state: "waiting", message: ""};
    }

    /** Write a note on a reading; it is no reading. */
    async note({cell}, text) {
        await this.orm.call(MODEL, "record_at_bench", [
            [this.orderId],
            [{reading: cell.result_id, note: text}],
        ]);
        cell.note = text;
    }

    /** Give up what was typed into a cell. */
    drop(readingId) {
        delete this.entries[readingId];
    }

    /** Give up all that was refused, and what was pasted with it. */
    dropRefused() {
        const batches = new Set(this.refused.map(({batch}) => batch));
        for (const {id, batch} of this.entered) {
            if (batches.has(batch)) {
                this.drop(id);
            }
        }
    }

    // -- Defects that were counted ----------------------------------------------------

    getCount(defect, name) {
        return this.counts[`${defect.id} ${name}`];
    }

    getShownCount(defect, name) {
        const count = this.getCount(defect, name);
        return count ? count.text : formatCount(defect[name]);
    }

    /** Keep what is being typed; it is sent when the field is left. */
    typeCount(defect, name, text, state = "typed") {
        const key = `${defect.id} ${name}`;
        if (text.trim() === formatCount(defect[name])) {
            delete this.counts[key];
        } else {
            this.counts[key] = {key, id: defect.id, name, text, state, message: ""};
        }
    }

    /** Give up counts of a second sample that isn't asked for any more. */
    dropGoneCounts() {
        const {defects} = this.data;
        for (const {key, id, name} of this.counted) {
            const defect = defects.find((one) => one.id === id);
            if (!defect || (name === "found2" && !defect.needs_second)) {
                delete this.counts[key];
            }
        }
    }

    /** Take a number of defects, and send it. */
    enterCount(defect, name, text) {
        this.typeCount(defect, name, text, "waiting");
        return this.send();
    }

    // -- Sending ----------------------------------------------------------------------

    /**
     * Send what waits: one call at a time, each with all that came in meanwhile.
     *
     * @returns {Promise} kept when nothing is left that can be sent
     */
    send() {
        if (!this.isSending) {
            this.sending = this.sendAll();
        }
        return this.sending;
    }

    async sendAll() {
        this.isSending = true;
        let isSent = false;
        try {
            while (await this.sendNext()) {
                isSent = true;
            }
        } finally {
            this.isSending = false;
        }
        if (isSent) {
            this.refreshSoon();
        }
    }

    /** Returns whether something was sent. */
    sendNext() {
        if (this.waiting.length) {
            return this.sendTogether(this.waiting);
        }
        const count = this.counted.find(({state}) => state === "waiting");
        return count ? this.sendCount(count) : false;
    }

    async sendCount(count) {
        count.state = "sending";
        try {
            const value = parseCount(count.text.trim());
            await this.orm.write(DEFECT, [count.id], {[count.name]: value});
            this.isOffline = false;
            this.acceptCount(count, value);
            return true;
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                count.state = "waiting";
                this.retryLater();
                return false;
            }
            const message = error.data?.message || error.message;
            Object.assign(count, {state: "refused", message});
            return true;
        }
    }

    acceptCount({key, id, name}, value) {
        const defect = this.data.defects.find((one) => one.id === id);
        if (defect) {
            defect[name] = value;
        }
        // what is typed meanwhile stays
        if (this.counts[key]?.state === "sending") {
            delete this.counts[key];
        }
    }

    /**
     * Send entries in one call. The server takes all, or says what is wrong with which.
     *
     * @returns {Promise<Boolean>} false where there is no connection
     */
    async sendTogether(entries) {
        entries.forEach((entry) => (entry.state = "sending"));
        try {
            const {cells, problems} = await this.record(entries);
            entries.forEach((entry) => (entry.state = "waiting"));
            this.isOffline = false;
            this.accept(entries, cells);
            entries.forEach((entry) => this.refuse(entry, problems[entry.id]));
            return true;
        } catch (error) {
            entries.forEach((entry) => (entry.state = "waiting"));
            if (error instanceof ConnectionLostError) {
                this.retryLater();
                return false;
            }
            if (!error.data) {
                throw error;
            }
            // such as a reason that was asked for and not given
            const {message} = error.data;
            entries.forEach((entry) => this.refuse(entry, message));
            return true;
        }
    }

    record(entries) {
        const rows = entries.map(({id, value}) => this.getRow(id, value));
        return this.orm.call(MODEL, "record_at_bench", [[this.orderId], rows]);
    }

    /** What was read in another unit is corrected in that unit. */
    getRow(id, value) {
        const {column, cell} = this.getSpot(id) || {};
        const isOther = cell?.recorded && cell.unit && cell.unit !== column.unit;
        return {reading: id, value, ...(isOther ? {unit: cell.unit} : {})};
    }

    refuse(entry, message) {
        if (message && this.isCurrent(entry)) {
            Object.assign(this.entries[entry.id], {state: "refused", message});
        }
    }

    accept(entries, cells) {
        const saved = Object.fromEntries(cells.map((cell) => [cell.result_id, cell]));
        for (const entry of entries.filter(({id}) => id in saved)) {
            Object.assign(this.getSpot(entry.id)?.cell || {}, saved[entry.id]);
            if (this.isCurrent(entry)) {
                this.drop(entry.id);
            }
        }
    }

    /** Tell whether nothing else was typed while an entry was being sent. */
    isCurrent(entry) {
        const now = this.entries[entry.id];
        return now?.value === entry.value && now.batch === entry.batch;
    }

    retryLater() {
        this.isOffline = true;
        browser.clearTimeout(this.retryTimer);
        this.retryTimer = browser.setTimeout(() => this.send(), RETRY_AFTER);
    }

    /** Get what the server worked out: averages, formulas, the verdict. */
    refreshSoon() {
        browser.clearTimeout(this.refreshTimer);
        this.refreshTimer = browser.setTimeout(() => this.refresh(), REFRESH_AFTER);
    }

    async refresh() {
        if (this.isSending) {
            return;
        }
        try {
            await this.load();
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            this.retryLater();
        }
    }

    stop() {
        browser.clearTimeout(this.retryTimer);
        browser.clearTimeout(this.refreshTimer);
    }

    // -- Pasting ----------------------------------------------------------------------

    /**
     * Take what was copied from a spreadsheet: its first value into a cell, the others
     * below and to the right of it, as they are seen. It is saved whole or not at all.
     *
     * @param {Object} spot the cell
     * @param {String} text lines of values with tabs between them
     * @param {Boolean} byTest whether a line of the page is a test, not a sample
     * @returns {Promise<String>} what there was to say about it, for people
     */
    async paste(spot, text, byTest) {
        const {rows, message} = await this.orm.call(MODEL, "parse_pasted", [
            [this.orderId],
            spot.column.test_id,
            spot.row.key,
            byTest && !this.isForOneTest(spot, text) ? transpose(text) : text,
        ]);
        const batch = ++this.lastBatch;
        for (const {reading, value} of rows) {
            this.take(this.getSpot(reading), value, batch);
        }
        this.send();
        return message;
    }

    /** Tell whether what is pasted is a list of readings of the test it starts in. */
    isForOneTest({column, row}, text) {
        const {rows} = this.data;
        const left = rows
            .slice(rows.findIndex(({key}) => key === row.key))
            .filter(({cells}) => cells[column.test_id]?.readonly === false);
        const lines = text.trim().split("\n").length;
        return !text.includes("\t") && left.length > 1 && lines <= left.length;
    }

    /** Returns the cell some samples and tests further, where there is one. */
    getSpotBeyond({column, row}, samples, tests) {
        const {columns, rows} = this.data;
        // by key: components see the same row through proxies of their own
        const down = rows.findIndex(({key}) => key === row.key) + samples;
        const right =
            columns.findIndex(({test_id: id}) => id === column.test_id) + tests;
        const [otherRow, otherColumn] = [rows[down], columns[right]];
        const cell = otherRow?.cells[otherColumn?.test_id];
        return cell && {column: otherColumn, row: otherRow, cell};
    }
}
