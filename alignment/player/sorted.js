/** Lookups in what is in order. */

/**
 * Index of the last value that is <= the one sought, -1 where all are greater. O(log n).
 * @param {ArrayLike<number>} ascending
 * @param {number} sought
 */
export function lastAtOrBefore(ascending, sought) {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle] <= sought) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The first number below a length for which something holds, as it does for all after it; else the length.
 * @param {number} length
 * @param {(index: number) => boolean} holds
 */
export function firstWhere(length, holds) {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
