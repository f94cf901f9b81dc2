/** From one reading page to the next, when the same lines get other times: the reader notices nothing. */

/** @import { ReadingPage } from "./reading-page.js" */

/**
 * What the reader was at. To be asked before the next page takes the place of this one.
 * @param {ReadingPage} page
 */
export function keepReading({ view, places, follow, search, checks, clip }) {
  return {
    focused: view.times.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement)),
    searching: search.root.contains(document.activeElement),
    place: places.place,
    following: follow.following,
    search,
    playingHits: search.player.active,
    checks,
    checking: checks.root.contains(document.activeElement),
    clip: clip?.span ?? null,
  };
}

/**
 * @param {ReadingPage} page
 * @param {ReturnType<typeof keepReading>} before
 */
export function resumeReading(page, before) {
  const { focused, searching, place, following, search, playingHits, checks, checking, clip } = before;
  page.sync.update();
  if (!following) page.follow.leave();
  page.search.resume(search, playingHits);
  page.checks.resume(checks, checking);
  page.places.resume(place);
  if (clip) page.playClip(clip);
  if (searching) page.search.field.focus({ preventScroll: true });
  else page.view.times[focused]?.focus({ preventScroll: true });
}

/**
 * Resolves when nothing in an element is selected: other lines would take the selection away.
 * @param {HTMLElement} within
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
export function selectionGone(within, signal) {
  const isGone = () => {
    const selection = getSelection();
    return !selection || selection.isCollapsed || !within.contains(selection.anchorNode);
  };
  return new Promise((resolve) => {
    if (isGone()) {
      resolve();
      return;
    }
    const look = () => {
      if (!isGone()) return;
      document.removeEventListener("selectionchange", look);
      resolve();
    };
    document.addEventListener("selectionchange", look, { signal });
  });
}
