/** The player's stylesheet, brought into the document once. */

/** @type {Promise<void> | null} */
let arriving = null;

/**
 * Settles when the styles are there, or cannot be had; nothing can be measured before.
 * @returns {Promise<void>}
 */
export function stylesheet() {
  arriving ??= new Promise((resolve) => {
    if (document.querySelector("style[data-verbatime]")) return resolve();
    /** @type {HTMLLinkElement | null} */
    let link = document.querySelector("link[data-verbatime]");
    if (link?.sheet) return resolve();
    if (!link) {
      link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = new URL("player.css", import.meta.url).href;
      link.dataset.verbatime = "";
      document.head.append(link);
    }
    for (const type of ["load", "error"]) link.addEventListener(type, () => resolve());
  });
  return arriving;
}
