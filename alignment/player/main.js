/** The player's one door: `mount(element, options)`. */

import { EpisodePlayer } from "./episode-player.js";

/**
 * @typedef {object} Options addresses may be relative to the page's base
 * @property {string} episodeId goes into links as `v`; the listener's place is kept under it
 * @property {string} title
 * @property {string} transcriptUrl of the native JSON
 * @property {string} audioUrl
 * @property {string | null} [artworkUrl] a picture for the lock screen
 * @property {string | null} [peaksUrl] of the recording's loudness; without it the timeline is a plain rail
 * @property {string | null} [notesUrl] of the episode's notes; without one they are kept in this browser
 * @property {string | null} [correctionsUrl] takes corrections; without it nothing can be edited
 * @property {string | null} [clipsUrl] with `.m4a` and so on behind it gives out clips; without it there are none
 * @property {string | null} [topBar] CSS selector of the host page's bar that covers the top of what scrolls
 */

/**
 * Show a player in an element.
 * @param {HTMLElement} host
 * @param {Options} options
 * @returns {{update: (options: Options) => void, destroy: () => void}} update: another episode replaces this
 *   one; the same episode plays on undisturbed, and takes its new times where there are others
 */
export function mount(host, options) {
  let shown = options;
  let player = new EpisodePlayer(host, options);
  return {
    update(next) {
      const isSame = next.episodeId === shown.episodeId && next.audioUrl === shown.audioUrl;
      shown = next;
      if (isSame) {
        player.take(next);
        return;
      }
      player.destroy();
      player = new EpisodePlayer(host, next);
    },
    destroy() {
      player.destroy();
    },
  };
}
