/** The corrections of an episode on the server: each is made on the revision that one has seen. */

import { recallName, rememberName } from "./your-name.js";

/**
 * @typedef {object} Correction
 * @property {string} id
 * @property {string | null} who
 * @property {string} when ISO 8601
 * @property {{kind: string, [more: string]: any}} change
 * @property {string[]} was the texts that it was made on
 * @property {"done" | "undone" | "dropped"} state
 *
 * @typedef {object} Log
 * @property {Correction[]} corrections in the order in which they were made
 * @property {{id: string, reason: string}[]} skipped those that do not fit the transcript as it is now
 *
 * @typedef {object} Corrections
 * @property {number} revision how often they have changed
 * @property {string | null} undo the kind of what can be undone
 * @property {string | null} redo
 * @property {number} [offset] seconds by which the whole transcript is later
 * @property {number | null} [part] id of the line that a split has cut off
 * @property {string[]} [aside] files that were to hold corrections and could not be read
 */

/** What was not done, in words for the person who wanted it. */
export class NotCorrected extends Error {
  /**
   * @param {string} message
   * @param {boolean} [outdated] somebody else has made corrections meanwhile
   */
  constructor(message, outdated = false) {
    super(message);
    this.outdated = outdated;
  }
}

/** All that this page asks and sends, one after the other: each change is made on the one before it. */
export class CorrectionStore {
  /** @type {Corrections | null} as it was told last; null until it was asked for */
  state = null;
  /** @type {Log | null} as it was when it was asked for last */
  log = null;
  /** Whether the log is to be asked for again after each change. */
  keepsLog = false;
  #who = recallName();
  /** @type {((state: Corrections) => void)[]} */
  #watchers = [];
  /** @type {Promise<unknown>} */
  #queue = Promise.resolve();
  /** @type {Promise<Corrections & Log> | null} asked for, but not yet on its way */
  #asked = null;
  /** @type {NotCorrected | null} the last one that came too late */
  #refusal = null;

  /**
   * @param {() => string | null} url of the corrections; null where none are taken
   * @param {AbortSignal} signal
   */
  constructor(url, signal) {
    this.url = url;
    this.signal = signal;
  }

  /** @type {string | null} what goes along as the name of whoever corrects */
  get who() {
    return this.#who;
  }

  set who(name) {
    this.#who = name;
    rememberName(name);
  }

  /** @param {(state: Corrections) => void} act called whenever something is told of the corrections */
  watch(act) {
    this.#watchers.push(act);
  }

  /**
   * Where the transcript is with the corrections that this page knows of.
   * @param {string} url of the transcript
   */
  addressed(url) {
    const revision = this.state?.revision;
    return revision ? `${url}${url.includes("?") ? "&" : "?"}corrections=${revision}` : url;
  }

  /**
   * Ask what there is.
   * @returns {Promise<Corrections & Log>}
   * @throws {NotCorrected}
   */
  look() {
    this.#asked ??= this.#next(() => {
      this.#asked = null;
      return this.#fetch();
    });
    return this.#asked;
  }

  /**
   * @param {Correction["change"]} change
   * @returns {Promise<Corrections>}
   * @throws {NotCorrected}
   */
  make(change) {
    return this.#send("", this.#signed(change));
  }

  /**
   * Make a change while the player goes away: nobody is left to hear whether it fits.
   * @param {Correction["change"]} change
   */
  makeAtLast(change) {
    const url = this.url();
    if (!url || !this.state) return;
    fetch(new URL(url, document.baseURI), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ revision: this.state.revision, ...this.#signed(change) }),
      keepalive: true,
    }).catch(() => {});
  }

  /** @param {Correction["change"]} change */
  #signed(change) {
    return { change, ...(this.#who === null ? {} : { who: this.#who }) };
  }

  /**
   * @returns {Promise<Corrections>}
   * @throws {NotCorrected}
   */
  undo() {
    return this.#send("/undo", {});
  }

  /**
   * @returns {Promise<Corrections>}
   * @throws {NotCorrected}
   */
  redo() {
    return this.#send("/redo", {});
  }

  /**
   * @param {string} path below the corrections' address
   * @param {object} body
   * @returns {Promise<Corrections>}
   */
  #send(path, body) {
    const refusal = this.#refusal;
    return this.#next(async () => {
      // What was to come on top of a change that came too late was meant for what one saw then.
      if (this.#refusal && this.#refusal !== refusal) throw this.#refusal;
      const { revision } = this.state ?? await this.#fetch();
      let state;
      try {
        state = await ask(`${this.url()}${path}`, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ revision, ...body }),
          signal: this.signal,
        });
      } catch (error) {
        if (error instanceof NotCorrected && error.outdated) {
          this.#refusal = error;
          await this.#fetch().catch(() => {});
        }
        throw error;
      }
      this.#take(state);
      // Another change may fit now, or no longer.
      if (this.keepsLog || this.log?.skipped.length) this.look().catch(() => {});
      return state;
    });
  }

  async #fetch() {
    const answer = await ask(`${this.url()}.json`, { signal: this.signal });
    this.log = { corrections: answer.corrections ?? [], skipped: answer.skipped ?? [] };
    this.#take(answer);
    return answer;
  }

  /** @param {Corrections} state */
  #take(state) {
    this.state = state;
    for (const act of this.#watchers) act(state);
  }

  /**
   * @template Outcome
   * @param {() => Promise<Outcome>} act to be done when all before it is
   * @returns {Promise<Outcome>}
   */
  #next(act) {
    const done = this.#queue.then(act);
    this.#queue = done.catch(() => {});
    return done;
  }
}

/**
 * @param {string} url
 * @param {RequestInit} request
 * @returns {Promise<any>} what the server answers, parsed
 * @throws {NotCorrected}
 */
export async function ask(url, request) {
  let response;
  try {
    response = await fetch(new URL(url, document.baseURI).href, request);
  } catch (error) {
    if (request.signal?.aborted) throw error;
    throw new NotCorrected("the server does not answer.");
  }
  const answer = await response.json().catch(() => null);
  if (response.ok && answer) return answer;
  throw new NotCorrected(answer?.error ?? `the server answered ${response.status}.`, response.status === 409);
}
