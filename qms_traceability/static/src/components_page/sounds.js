import {browser} from "@web/core/browser/browser";

// frequency, length in seconds and wave of each outcome
const TONES = {
    accepted: [880, 0.08, "sine"],
    selected: [880, 0.08, "sine"],
    quantity: [660, 0.12, "sine"],
    undone: [440, 0.12, "sine"],
    refused: [180, 0.45, "square"],
};
let audio = null;

/** Tell by ear what became of a scan; a browser without sound is no problem. */
export function playOutcome(outcome) {
    const [frequency, length, wave] = TONES[outcome] || TONES.refused;
    try {
        audio = audio || new (browser.AudioContext || window.AudioContext)();
        const tone = audio.createOscillator();
        const volume = audio.createGain();
        tone.type = wave;
        tone.frequency.value = frequency;
        volume.gain.value = 0.15;
        tone.connect(volume).connect(audio.destination);
        tone.start();
        tone.stop(audio.currentTime + length);
    } catch {
        audio = null;
    }
}
