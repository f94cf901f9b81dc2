/** How loud the recording is from beginning to end, for the timeline. Without it that is a plain rail. */

/** The version of the peaks file that this player reads. */
const VERSION = 1;

/**
 * Loudness from 0 to 255 over equal parts of the recording; null where it cannot be had.
 * @param {string} url
 * @param {AbortSignal} signal
 * @returns {Promise<Uint8Array | null>}
 */
export async function fetchPeaks(url, signal) {
  try {
    const response = await fetch(url, { signal, priority: "low" });
    if (!response.ok) return null;
    const json = await response.json();
    const usable = json?.version === VERSION && Array.isArray(json.peaks) && json.peaks.length > 0;
    return usable ? Uint8Array.from(json.peaks) : null;
  } catch {
    return null;
  }
}

/**
 * The peaks as so many bars, 0 to 1: each between the mean and the loudest of its part, so that a wide screen
 * and a narrow one show the same shape.
 * @param {Uint8Array} peaks
 * @param {number} count
 */
export function barsOf(peaks, count) {
  return Float32Array.from({ length: count }, (_, bar) => {
    const from = Math.floor((bar * peaks.length) / count);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / count));
    let sum = 0;
    let loudest = 0;
    for (let at = from; at < to; at++) {
      sum += peaks[at];
      loudest = Math.max(loudest, peaks[at]);
    }
    return (sum / (to - from) + loudest) / 510;
  });
}
