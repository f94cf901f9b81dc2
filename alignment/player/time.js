/** Times in seconds, and how people write them, hear them and put them in links. */

/**
 * "0:07", "12:34", "1:02:34"; rounded down, as clocks are.
 * @param {number} seconds
 */
export function formatClock(seconds) {
  const whole = Math.max(0, Math.floor(seconds + 1e-6));
  const pad = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}

/**
 * "1:02.3"; rounded, as it is set by the ear.
 * @param {number} seconds
 */
export function formatTenths(seconds) {
  const tenths = Math.max(0, Math.round(seconds * 10));
  return `${formatClock(tenths / 10)}.${tenths % 10}`;
}

/**
 * "0.1 s", "75 s": how far something is moved, whichever way.
 * @param {number} seconds
 */
export function formatDistance(seconds) {
  return `${Math.abs(seconds).toLocaleString("en", { maximumFractionDigits: 3 })} s`;
}

/**
 * "1 hour 2 minutes 34 seconds", for screen readers.
 * @param {number} seconds
 */
export function spokenTime(seconds) {
  const whole = Math.max(0, Math.floor(seconds + 1e-6));
  const parts = [
    [Math.floor(whole / 3600), "hour"],
    [Math.floor(whole / 60) % 60, "minute"],
    [whole % 60, "second"],
  ];
  const spoken = parts
    .filter(([count, unit]) => count || (unit === "second" && whole === 0))
    .map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`);
  return spoken.join(" ");
}

/**
 * How long something lasts: "9 s", "2 min 5 s", "1 h 3 min".
 * @param {number} seconds
 */
export function formatLength(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return whole % 60 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${whole / 60} min`;
  const minutes = Math.round(whole / 60);
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`;
}

/**
 * A day as the reader writes it, "27 March 2023"; what is no ISO 8601 date stays as it is.
 * @param {string} date
 * @param {readonly string[]} [languages]
 */
export function formatDay(date, languages = navigator.languages) {
  const day = /^\d{4}-\d{2}-\d{2}(?=$|T)/.exec(date)?.[0];
  const time = Date.parse(day ?? "");
  if (Number.isNaN(time)) return date;
  return new Intl.DateTimeFormat([...languages], { dateStyle: "long", timeZone: "UTC" }).format(time);
}

/**
 * A moment as the reader writes it, in the reader's own time; what is none stays as it is.
 * @param {string} moment ISO 8601
 * @param {readonly string[]} [languages]
 */
export function formatMoment(moment, languages = navigator.languages) {
  const time = Date.parse(moment);
  if (Number.isNaN(time)) return moment;
  return new Intl.DateTimeFormat([...languages], { dateStyle: "medium", timeStyle: "short" }).format(time);
}

const PLAIN = /^(\d+(?:\.\d+)?)s?$/;
const UNITS = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?$/;
const CLOCK = /^(?:(\d+):)?(\d+):([0-5]?\d(?:\.\d+)?)$/;

/**
 * Seconds from `754`, `754.5s`, `12m34s`, `1h2m3s`, `12:34` or `1:02:34`; null for anything else.
 * @param {string} text
 * @returns {number | null}
 */
export function parseTime(text) {
  const given = text.trim().toLowerCase();
  const plain = PLAIN.exec(given);
  if (plain) return Number(plain[1]);
  const parts = given ? (UNITS.exec(given) ?? CLOCK.exec(given)) : null;
  if (!parts) return null;
  const [hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0));
  return hours * 3600 + minutes * 60 + seconds;
}
