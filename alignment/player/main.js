/** The player's one door: `mount(element, options)`. */

import { EpisodePlayer } from "./episode-player.js";

/**
 * @typedef {object} Options addresses may be relative to the page's base
 * @property {string} episodeId goes into links as `v`; the listener's place is kept under it
 * @property {string} title
 * @property {string} transcriptUrl of the native JSON
 * @property {string} audioUrl
 * @property {string | null} [artworkUrl] a picture for the lock screen
 * @property {string | null} [topBar] CSS selector of the host page's bar that covers the top of what scrolls
 */

/**
 * Show a player in an element.
 * @param {HTMLElement} host
 * @param {Options} options
 * @returns {{update: (options: Options) => void, destroy: () => void}} update: another episode replaces this
 *   one; the same episode plays on undisturbed
 */
export function mount(host, options) {
  let shown = options;
  let player = new EpisodePlayer(host, options);
  return {
    update(next) {
      const same = next.episodeId === shown.episodeId && next.transcriptUrl === shown.transcriptUrl &&
        next.audioUrl === shown.audioUrl;
      if (same) return;
      player.destroy();
      shown = next;
      player = new EpisodePlayer(host, next);
    },
    destroy() {
      player.destroy();
    },
  };
}
