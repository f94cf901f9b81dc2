/** The bar: everything the keys do, for the hand. */

/** @import { Sound } from "./audio.js" */
/** @import { Timeline } from "./timeline.js" */
/** @import { Actions } from "./keys.js" */

import { SPEEDS } from "./audio.js";
import { element, icon, iconButton } from "./dom.js";

export class Controls {
  /**
   * @param {Sound} sound
   * @param {Timeline} timeline
   * @param {Actions} actions
   * @param {HTMLElement[]} tools that open more
   * @param {AbortSignal} signal
   */
  constructor(sound, timeline, actions, tools, signal) {
    this.sound = sound;
    this.play = button("play", "Play", "k", "vt-play", actions.toggle);
    this.mute = button("volume", "Sound off", "m", "vt-mute", actions.toggleMute);
    this.volume = element("input", {
      type: "range",
      class: "vt-volume",
      min: 0,
      max: 1,
      step: 0.05,
      "aria-label": "Volume",
      title: "Volume (↑ ↓)",
    });
    this.speed = this.#speed();
    this.root = element(
      "div",
      { class: "vt-bar", role: "group", "aria-label": "Player" },
      timeline.root,
      element(
        "div",
        { class: "vt-buttons" },
        element(
          "div",
          { class: "vt-start" },
          element("label", { class: "vt-speed", title: "Speed (< >)" }, this.speed),
          ...tools,
        ),
        element(
          "div",
          { class: "vt-transport" },
          button("previous", "Previous line", "[", "vt-previous", () => actions.goToLine(-1)),
          button("back", "Back 15 seconds", "", "vt-skip", () => actions.skip(-15), "15"),
          this.play,
          button("forward", "On 30 seconds", "", "vt-skip", () => actions.skip(30), "30"),
          button("next", "Next line", "]", "vt-next", () => actions.goToLine(1)),
        ),
        element(
          "div",
          { class: "vt-end" },
          this.mute,
          this.volume,
          button("search", "Search the transcript", "/", "vt-open-search", actions.openSearch),
          button("link", "Copy a link to this moment", "s", "vt-share", actions.shareNow),
          button("help", "Keys and help", "?", "vt-open-help", actions.openHelp),
        ),
      ),
    );
    this.#listen(signal);
    this.refresh();
  }

  #speed() {
    const options = SPEEDS.map((speed) => element("option", { value: speed }, `${speed}×`));
    return element("select", { "aria-label": "Speed" }, ...options);
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    const { element: audio } = this.sound;
    for (
      const type of ["play", "pause", "ended", "volumechange", "ratechange", "waiting", "playing", "canplay"]
    ) {
      audio.addEventListener(type, () => this.refresh(), { signal });
    }
    this.volume.addEventListener("input", () => {
      audio.muted = false;
      this.sound.volume = Number(this.volume.value);
    }, { signal });
    this.speed.addEventListener("change", () => (audio.playbackRate = Number(this.speed.value)), { signal });
    // A click with the mouse leaves the focus where it was, so that Space goes on to play and pause.
    this.root.addEventListener("mousedown", (event) => {
      if (event.target instanceof Element && event.target.closest("button")) event.preventDefault();
    }, { signal });
  }

  /** Show the state of the sound. */
  refresh() {
    const { element: audio, playing } = this.sound;
    relabel(this.play, playing ? "pause" : "play", playing ? "Pause" : "Play", "k");
    const silent = audio.muted || this.sound.volume === 0;
    relabel(this.mute, silent ? "muted" : "volume", silent ? "Sound on" : "Sound off", "m");
    this.volume.value = String(audio.muted ? 0 : this.sound.volume);
    this.speed.value = String(audio.playbackRate);
    const waiting = playing && audio.readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
    this.root.toggleAttribute("data-waiting", waiting);
  }
}

/**
 * @param {Parameters<typeof icon>[0]} name
 * @param {string} label
 * @param {string} key that does the same, "" for none
 * @param {string} className
 * @param {() => void} act
 * @param {string} [number] written into the icon
 */
function button(name, label, key, className, act, number) {
  const made = iconButton(name, label, { class: `vt-button ${className}` });
  if (key) made.title = `${label} (${key})`;
  if (number) made.dataset.number = number;
  made.addEventListener("click", act);
  return made;
}

/**
 * @param {HTMLButtonElement} made
 * @param {Parameters<typeof icon>[0]} name
 * @param {string} label
 * @param {string} key
 */
function relabel(made, name, label, key) {
  if (made.getAttribute("aria-label") === label) return;
  made.setAttribute("aria-label", label);
  made.title = `${label} (${key})`;
  made.replaceChildren(icon(name));
}
