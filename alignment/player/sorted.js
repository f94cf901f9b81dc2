/** Lookups in ascending numbers. */

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
