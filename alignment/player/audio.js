/** The sound: one <audio> element that remembers where it was asked to be until it is there. */

/** How often a server that has gone is asked whether it is back, seconds. */
const RETRY_S = [1, 2, 4, 8, 15];

/** The speeds on offer. */
export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3];

export class Sound {
  /** @type {number | null} */
  #wanted = null;
  #played = false;
  #failed = false;
  #attempt = 0;
  #timer = 0;
  #resume = false;
  #volume = 1;
  #fade = 1;
  /** Where the playback began or was sent to last, seconds. */
  #from = 0;
  /** By how much the sound is heard later than the browser thinks, as with wireless headphones; seconds. */
  lag = 0;

  /**
   * @param {string} url
   * @param {AbortSignal} signal ends everything
   */
  constructor(url, signal) {
    this.element = document.createElement("audio");
    this.element.preload = "auto";
    this.element.preservesPitch = true;
    const listen = (/** @type {string} */ type, /** @type {() => void} */ act) =>
      this.element.addEventListener(type, act, { signal });
    listen("loadedmetadata", () => this.#arrive());
    // Phones ignore a seek before the first tap on play: ask again in the first `play`.
    listen("play", () => {
      this.#played = true;
      this.#arrive();
    });
    listen("seeked", () => {
      if (this.#played || this.element.currentTime > 0) this.#wanted = null;
    });
    listen("seeking", () => (this.#from = this.position));
    listen("canplay", () => this.#recover());
    listen("error", () => this.#fail());
    globalThis.addEventListener("online", () => this.#failed && this.retry(), { signal });
    signal.addEventListener("abort", () => {
      clearTimeout(this.#timer);
      this.element.pause();
      this.element.removeAttribute("src");
      this.element.load();
    });
    this.element.src = url;
  }

  /** Seconds; where it is, or where it will be once it has loaded. */
  get position() {
    return this.#wanted ?? this.element.currentTime;
  }

  /**
   * The position that is being heard. At a place that was gone to it is that place, until more has been heard.
   */
  get heard() {
    const { position } = this;
    return position <= this.#from ? position : Math.max(this.#from, position - this.lag);
  }

  /** As loud as the listener wants it, 0 to 1. */
  get volume() {
    return this.#volume;
  }

  set volume(share) {
    this.#volume = share;
    this.element.volume = share * this.#fade;
  }

  /** @param {number} share of the volume that is left, 0 to 1 */
  set fade(share) {
    if (share === this.#fade) return;
    this.#fade = share;
    this.element.volume = this.#volume * share;
  }

  /** Seconds, null while it is not known. */
  get duration() {
    return Number.isFinite(this.element.duration) ? this.element.duration : null;
  }

  get playing() {
    return !this.element.paused;
  }

  /** Whether the audio could not be had; it is asked for again until it can. */
  get failed() {
    return this.#failed;
  }

  /** @param {number} seconds */
  seek(seconds) {
    this.#wanted = this.#from = Math.max(0, Math.min(seconds, this.duration ?? Infinity));
    if (this.element.readyState >= HTMLMediaElement.HAVE_METADATA) this.element.currentTime = this.#wanted;
    else this.element.dispatchEvent(new Event("seeking"));
  }

  play() {
    if (this.#failed) {
      this.#resume = true;
      this.retry();
      return;
    }
    this.element.play().catch((error) => {
      // AbortError: paused or reloaded before it began. NotSupportedError comes as an `error` event, too.
      if (!["AbortError", "NotSupportedError", "NotAllowedError"].includes(error.name)) throw error;
    });
  }

  pause() {
    this.#resume = false;
    this.element.pause();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  /** Load anew, at the same place. */
  retry() {
    clearTimeout(this.#timer);
    this.element.load();
  }

  #arrive() {
    if (this.#wanted === null) return;
    if (Math.abs(this.element.currentTime - this.#wanted) > 0.001) this.element.currentTime = this.#wanted;
    else if (this.#played) this.#wanted = null;
  }

  #fail() {
    this.#wanted = this.position;
    this.#resume ||= this.playing;
    this.#failed = true;
    const wait = RETRY_S[Math.min(this.#attempt++, RETRY_S.length - 1)];
    this.#timer = setTimeout(() => this.retry(), wait * 1000);
  }

  #recover() {
    if (!this.#failed) return;
    this.#failed = false;
    this.#attempt = 0;
    this.element.dispatchEvent(new Event("recovered"));
    if (this.#resume) this.play();
    this.#resume = false;
  }
}
