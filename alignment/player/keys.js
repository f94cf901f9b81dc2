/** The keys, in one table: what the handler does and what the help says cannot differ. */

/**
 * @typedef {object} Actions what keys and controls do
 * @property {() => void} toggle
 * @property {(seconds: number) => void} skip
 * @property {(share: number) => void} goToShare 0 to 1
 * @property {(step: 1 | -1) => void} changeSpeed
 * @property {(step: number) => void} changeVolume
 * @property {() => void} toggleMute
 * @property {(step: 1 | -1) => void} goToLine
 * @property {(step: 1 | -1) => void} goToWord
 * @property {(step: 1 | -1) => void} selectWord
 * @property {(step: 1 | -1) => void} selectLine
 * @property {() => void} takeOffer
 * @property {() => void} stepLoop
 * @property {() => void} repeatLine
 * @property {() => void} toggleListening
 * @property {() => void} shareNow
 * @property {() => void} backToCurrent
 * @property {() => void} highlight
 * @property {() => void} writeNote
 * @property {() => void} openNotes
 * @property {() => void} openSearch
 * @property {() => void} openChecks
 * @property {() => void} openHelp
 * @property {() => void} toggleEditing
 *
 * @typedef {object} Key
 * @property {string[]} keys values of KeyboardEvent.key
 * @property {boolean} [shift] with Shift, where the key's value does not tell
 * @property {string} shown
 * @property {string} does
 * @property {(actions: Actions, key: string) => void} act
 */

/** @type {Key[]} Never r or c: Streamlit takes them. */
export const KEYS = [
  { keys: [" ", "k"], shown: "Space  k", does: "Play or pause", act: (a) => a.toggle() },
  { keys: ["j"], shown: "j", does: "Back 10 seconds", act: (a) => a.skip(-10) },
  { keys: ["l"], shown: "l", does: "On 10 seconds", act: (a) => a.skip(10) },
  { keys: ["ArrowLeft"], shown: "←", does: "Back 5 seconds", act: (a) => a.skip(-5) },
  { keys: ["ArrowRight"], shown: "→", does: "On 5 seconds", act: (a) => a.skip(5) },
  { keys: ["["], shown: "[", does: "Previous line", act: (a) => a.goToLine(-1) },
  { keys: ["]"], shown: "]", does: "Next line", act: (a) => a.goToLine(1) },
  { keys: [","], shown: ",", does: "Previous word", act: (a) => a.goToWord(-1) },
  { keys: ["."], shown: ".", does: "Next word", act: (a) => a.goToWord(1) },
  { keys: ["e"], shown: "e", does: "Repeat this line, or no longer", act: (a) => a.repeatLine() },
  { keys: ["a"], shown: "a", does: "Loop: from here, to here, off", act: (a) => a.stepLoop() },
  { keys: ["<"], shown: "<", does: "Slower", act: (a) => a.changeSpeed(-1) },
  { keys: [">"], shown: ">", does: "Faster", act: (a) => a.changeSpeed(1) },
  { keys: ["ArrowUp"], shown: "↑", does: "Louder", act: (a) => a.changeVolume(0.05) },
  { keys: ["ArrowDown"], shown: "↓", does: "Quieter", act: (a) => a.changeVolume(-0.05) },
  { keys: ["m"], shown: "m", does: "Sound off or on", act: (a) => a.toggleMute() },
  {
    keys: [..."0123456789"],
    shown: "0 – 9",
    does: "To that tenth of the recording",
    act: (a, key) => a.goToShare(Number(key) / 10),
  },
  { keys: ["Home"], shown: "Home", does: "To the beginning", act: (a) => a.goToShare(0) },
  { keys: ["End"], shown: "End", does: "To the end", act: (a) => a.goToShare(1) },
  { keys: ["t"], shown: "t", does: "Listening tools", act: (a) => a.toggleListening() },
  { keys: ["s"], shown: "s", does: "Copy a link to this moment", act: (a) => a.shareNow() },
  { keys: ["b"], shown: "b", does: "Back to the current line", act: (a) => a.backToCurrent() },
  {
    keys: ["ArrowLeft", "ArrowRight"],
    shift: true,
    shown: "Shift ←  Shift →",
    does: "Select words",
    act: (a, key) => a.selectWord(key === "ArrowRight" ? 1 : -1),
  },
  {
    keys: ["ArrowUp", "ArrowDown"],
    shift: true,
    shown: "Shift ↑  Shift ↓",
    does: "Select lines",
    act: (a, key) => a.selectLine(key === "ArrowDown" ? 1 : -1),
  },
  { keys: ["n"], shown: "n", does: "Note at the selection or the line", act: (a) => a.writeNote() },
  { keys: ["h"], shown: "h", does: "Highlight the selection or the line", act: (a) => a.highlight() },
  { keys: ["N"], shown: "N", does: "Notes", act: (a) => a.openNotes() },
  { keys: ["/"], shown: "/", does: "Search the transcript", act: (a) => a.openSearch() },
  { keys: ["x"], shown: "x", does: "List what is to be checked", act: (a) => a.openChecks() },
  { keys: ["w"], shown: "w", does: "Edit, or end editing", act: (a) => a.toggleEditing() },
  { keys: ["u"], shown: "u", does: "Do what a notice offers", act: (a) => a.takeOffer() },
  { keys: ["?"], shown: "?", does: "This help", act: (a) => a.openHelp() },
];

/** Keys that act on a focused control themselves. */
const OWN_KEYS = new Set([" ", "Enter", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);

const TYPING =
  "input:not([type=range], [type=button], [type=checkbox], [type=radio]), textarea, [contenteditable]";

const CONTROL =
  "button, a[href], input, select, summary, [role=button], [role=slider], [role=tab], [role=option]";

/** @type {object | null} the player that was used last; of several in a page it alone hears the keys */
let active = null;

/**
 * @param {HTMLElement} root
 * @param {Actions} actions
 * @param {AbortSignal} signal
 */
export function listenToKeys(root, actions, signal) {
  active = root;
  for (const type of ["pointerdown", "focusin"]) {
    root.addEventListener(type, () => (active = root), { signal });
  }
  document.addEventListener("keydown", (event) => {
    if (active !== root || event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey || belongsElsewhere(event, root)) return;
    const entry = KEYS.find((entry) => isMeant(entry, event));
    if (!entry) return;
    event.preventDefault();
    // Nothing else in the page is to act on it, too.
    event.stopImmediatePropagation();
    entry.act(actions, event.key);
  }, { signal });
}

/**
 * In letters and signs Shift is told by the key itself, but not in the keys that have a name.
 * @param {Key} entry
 * @param {KeyboardEvent} event
 */
function isMeant({ keys, shift = false }, { key, shiftKey }) {
  return keys.includes(key) && (key.length === 1 || shift === shiftKey);
}

/**
 * Whether a key is typed into a field, meant for the control that has the focus, or for an open dialog.
 * @param {KeyboardEvent} event
 * @param {HTMLElement} root
 */
function belongsElsewhere(event, root) {
  const target = event.composedPath()[0];
  if (document.querySelector("dialog[open], [aria-modal=true]")) return true;
  if (!(target instanceof Element) || target === document.body) return false;
  if (target.closest(TYPING)) return true;
  const control = target.closest(CONTROL);
  if (!control) return false;
  if (control instanceof HTMLSelectElement) return true;
  // A menu that has been closed leaves the focus on its button. Lists of the host page take letters, too.
  if (!root.contains(control) && !control.matches(":is(button, a, summary):not([role])")) return true;
  return control instanceof HTMLButtonElement
    ? event.key === " " || event.key === "Enter"
    : OWN_KEYS.has(event.key);
}
