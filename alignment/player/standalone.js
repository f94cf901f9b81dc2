/** The player in a page that carries all it needs, and asks for nothing: see standalone.py. */

import { mount } from "./main.js";

/**
 * Show the player of the page's own episode.
 * @param {HTMLElement} host
 */
export function mountHere(host) {
  const options = JSON.parse(carried("options") ?? "{}");
  return mount(host, {
    ...options,
    transcriptUrl: blobUrl(carried("transcript") ?? "", "application/json"),
    peaksUrl: optional(carried("peaks"), (text) => blobUrl(text, "application/json")),
    audioUrl: options.audioUrl ?? blobUrl(bytes(carried("audio") ?? ""), options.audioType),
  });
}

/**
 * What an element of the page that is not shown holds. It gives it up: a recording is not to be kept twice.
 * @param {string} id
 * @returns {string | null}
 */
function carried(id) {
  const element = document.getElementById(id);
  if (!element) return null;
  const text = element.textContent;
  element.remove();
  return text;
}

/**
 * @param {string | null} text
 * @param {(text: string) => string} make
 */
function optional(text, make) {
  return text === null ? null : make(text);
}

/**
 * @param {BlobPart} content
 * @param {string} type
 */
function blobUrl(content, type) {
  return URL.createObjectURL(new Blob([content], { type }));
}

/** @param {string} base64 */
function bytes(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
