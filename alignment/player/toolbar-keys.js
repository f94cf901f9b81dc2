/** The keys of a toolbar: one tab stop, arrows from button to button (the pattern of WAI-ARIA). */

/**
 * @param {HTMLElement} toolbar
 * @param {() => HTMLButtonElement[]} stops the buttons that can be come to now, in their order
 */
export function listenToToolbar(toolbar, stops) {
  const move = (/** @type {HTMLButtonElement} */ to) => {
    for (const button of toolbar.querySelectorAll("button")) button.tabIndex = button === to ? 0 : -1;
  };
  move(stops()[0]);
  toolbar.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLButtonElement) move(target);
  });
  toolbar.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const all = stops();
    const at = all.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    const places = new Map([
      ["ArrowLeft", at - 1],
      ["ArrowUp", at - 1],
      ["ArrowRight", at + 1],
      ["ArrowDown", at + 1],
      ["Home", 0],
      ["End", -1],
    ]);
    const place = places.get(event.key);
    if (at < 0 || place === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    all.at(place % all.length)?.focus({ preventScroll: true });
  });
  return {
    /** Come to the first button. */
    enter() {
      stops()[0].focus({ preventScroll: true });
    },
  };
}
