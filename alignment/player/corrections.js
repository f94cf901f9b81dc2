/** The corrections of an episode on the server: each is made on the revision that one has seen. */

/**
 * @typedef {object} Corrections
 * @property {number} revision how often they have changed
 * @property {string | null} undo the kind of what can be undone
 * @property {string | null} redo
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

/**
 * @param {string} url
 * @param {AbortSignal} signal
 * @returns {Promise<Corrections>}
 * @throws {NotCorrected}
 */
export function fetchCorrections(url, signal) {
  return ask(`${url}.json`, { signal });
}

/**
 * @param {string} url
 * @param {unknown} body JSON-serialisable
 * @param {AbortSignal} signal
 * @returns {Promise<Corrections>}
 * @throws {NotCorrected}
 */
export function sendCorrection(url, body, signal) {
  return ask(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
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
