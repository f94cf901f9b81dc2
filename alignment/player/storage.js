/** What this browser remembers. Storage may be full, blocked or absent; then nothing is remembered. */

const PREFIX = "verbatime:";

/** Episodes whose place is kept; the ones heard longest ago are forgotten first. */
const MOST_PLACES = 200;

/**
 * @param {string} name
 * @returns {any} what was kept under the name, null for nothing
 */
export function recall(name) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name) ?? "null");
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {unknown} value JSON-serialisable
 */
export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Nothing is lost but the memory of it.
  }
}

/**
 * Where the listener left an episode, in seconds; null where never or at its end.
 * @param {string} episode
 * @returns {number | null}
 */
export function recallPlace(episode) {
  const place = recall("places")?.[episode]?.t;
  return typeof place === "number" && place > 0 ? place : null;
}

/**
 * @param {string} episode
 * @param {number | null} seconds null: begin at the beginning next time
 */
export function rememberPlace(episode, seconds) {
  const places = recall("places") ?? {};
  delete places[episode];
  const kept = Object.entries(places).slice(-MOST_PLACES + 1);
  remember("places", Object.fromEntries(seconds === null ? kept : [...kept, [episode, { t: seconds }]]));
}
