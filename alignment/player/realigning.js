/** Lines that the server aligns again: asked for, watched until it is done, stopped. */

import { ask } from "./corrections.js";

/** How often one asks how far it is, milliseconds. */
const LOOK_MS = 700;

/**
 * @typedef {object} Work
 * @property {"queued" | "running" | "done" | "failed" | "cancelled"} status
 * @property {string} message what is being done, or why it failed
 * @property {number | null} fraction of that stage, 0 to 1
 */

export class Realigning {
  #controller = new AbortController();
  /** @type {string | null} where the work is asked for, once it has begun */
  #place = null;
  #isStopped = false;

  /**
   * @param {string} url of the corrections
   * @param {AbortSignal} signal
   */
  constructor(url, signal) {
    this.url = `${url}/realign`;
    signal.addEventListener("abort", () => this.#controller.abort());
  }

  /**
   * Settles when the work has ended; it is forgotten by the server then.
   * @param {{first: number, last: number, who?: string}} lines the ids of the first and the last one
   * @param {(work: Work) => void} told how far it is
   * @returns {Promise<Work>}
   * @throws {import("./corrections.js").NotCorrected} where it cannot be asked for
   */
  async run(lines, told) {
    const { signal } = this.#controller;
    const { job } = await ask(this.url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(lines),
      signal,
    });
    this.#place = `${this.url}/${job}`;
    if (this.#isStopped) this.stop();
    while (true) {
      const work = await this.#look(`${this.#place}.json`);
      if (["done", "failed", "cancelled"].includes(work?.status ?? "")) {
        if (work?.status !== "done") this.stop();
        return /** @type {Work} */ (work);
      }
      if (work) told(work);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      signal.throwIfAborted();
    }
  }

  /** Stop the work, as soon as it is known by name; what has ended already is forgotten. */
  stop() {
    this.#isStopped = true;
    if (!this.#place) return;
    fetch(new URL(this.#place, document.baseURI).href, { method: "DELETE" }).catch(() => {});
  }

  /**
   * @param {string} place
   * @returns {Promise<Work | null>} null while the server does not answer: the work goes on without us
   */
  async #look(place) {
    const { signal } = this.#controller;
    try {
      const answer = await fetch(new URL(place, document.baseURI).href, { signal });
      if (answer.status === 404) {
        return { status: "failed", message: "The server has forgotten about it.", fraction: null };
      }
      return answer.ok ? await answer.json() : null;
    } catch {
      signal.throwIfAborted();
      return null;
    }
  }
}
