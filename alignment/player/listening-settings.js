/** How this browser's listener likes to listen: read with care, as anything may stand in the storage. */

import { recall, remember } from "./storage.js";

/**
 * @typedef {object} Settings
 * @property {boolean} pauses after each line
 * @property {number} times that each line is heard
 * @property {boolean} skipsSilence
 * @property {boolean} rewinds after a long pause
 * @property {number} lag of the sound behind the browser's clock, milliseconds
 */

/** How often a line may be heard. */
export const TIMES = [1, 2, 3, 5];

/** The lag moves by such steps, and no farther than that; milliseconds. */
export const LAG_STEP_MS = 50;
export const LAG_MOST_MS = 500;

const NAME = "listening";

/** @returns {Settings} */
export function recallSettings() {
  const kept = recall(NAME) ?? {};
  return {
    pauses: kept.pauses === true,
    times: TIMES.includes(kept.times) ? kept.times : 1,
    skipsSilence: kept.skipsSilence === true,
    rewinds: kept.rewinds !== false,
    lag: Number.isInteger(kept.lag / LAG_STEP_MS) && Math.abs(kept.lag) <= LAG_MOST_MS ? kept.lag : 0,
  };
}

/** @param {Settings} settings */
export function rememberSettings(settings) {
  remember(NAME, settings);
}
