/** What the keys do in a list of buttons with one tab stop; and that what has the focus can be seen. */

/** Keys by which such a list scrolls itself; nobody else is to hear them. */
export const SCROLL_KEYS = new Set(["PageUp", "PageDown"]);

/**
 * Where a key leads in the list; it may be a place before the first or behind the last.
 * @param {string} key
 * @param {number} at
 * @param {number} last
 * @returns {number | undefined} undefined: the key leads nowhere
 */
export function placeOfKey(key, at, last) {
  return new Map([["ArrowUp", at - 1], ["ArrowDown", at + 1], ["Home", 0], ["End", last]]).get(key);
}

/**
 * Scroll the list no further than is needed to see an item.
 * @param {HTMLElement} list
 * @param {HTMLElement} item
 */
export function reveal(list, item) {
  const place = item.getBoundingClientRect();
  const { top, bottom } = list.getBoundingClientRect();
  if (place.top < top) list.scrollTop += place.top - top;
  else if (place.bottom > bottom) list.scrollTop += place.bottom - bottom;
}
