import {browser} from "@web/core/browser/browser";
import {user} from "@web/core/user";

/**
 * Keeps scans in the browser until the server has answered. Each has a key of its own, so
 * that two tabs never overwrite each other's.
 */
export class TrackingStore {
    constructor(orderId) {
        this.prefix = `qms_scan_${user.userId}_${orderId}_`;
        this.placeKey = `qms_tracking_${user.userId}_${orderId}`;
    }

    /** Returns the scans that weren't answered when the page was left, in their order. */
    getScans() {
        const storage = browser.localStorage;
        const keys = Array.from({length: storage.length}, (_, i) => storage.key(i));
        return keys
            .filter((key) => key.startsWith(this.prefix))
            .map((key) => JSON.parse(storage.getItem(key)))
            .sort((one, other) => one.time - other.time);
    }

    keep(entry) {
        browser.localStorage.setItem(this.prefix + entry.id, JSON.stringify(entry));
    }

    drop(entry) {
        browser.localStorage.removeItem(this.prefix + entry.id);
    }

    /** Returns what this tab was registering: it may be another one than the next tab. */
    getPlace() {
        return JSON.parse(browser.sessionStorage.getItem(this.placeKey) || "{}");
    }

    keepPlace(place) {
        browser.sessionStorage.setItem(this.placeKey, JSON.stringify(place));
    }

    dropPlace() {
        browser.sessionStorage.removeItem(this.placeKey);
    }
}
