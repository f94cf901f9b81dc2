/** The listening tools as controls: a panel over the bar, and the button there that opens it. */

/** @import { Actions } from "./keys.js" */
/** @import { Listening } from "./listening.js" */

import { element, iconButton } from "./dom.js";
import { LAG_MOST_MS, LAG_STEP_MS, TIMES } from "./listening-settings.js";
import { formatLag } from "./listening.js";
import { formatClock } from "./time.js";
import { WholeOffset } from "./whole-offset.js";

const MINUTES = [5, 15, 30, 60];

/** Names that tie controls to what they are called, also with two players in a page. */
let panels = 0;

export class ListeningPanel {
  #id = `vt-listening-${++panels}`;

  /**
   * @param {Listening} listening
   * @param {Actions} actions
   * @param {AbortSignal} signal
   */
  constructor(listening, actions, signal) {
    this.listening = listening;
    this.button = iconButton("listening", "Listening tools", {
      class: "vt-button vt-open-listening",
      popovertarget: this.#id,
      "aria-haspopup": "dialog",
    });
    this.state = element("span", { class: "vt-state" });
    this.loop = element("button", { type: "button", class: "vt-choice" });
    this.line = element("button", { type: "button", class: "vt-choice" }, "Repeat this line");
    this.loop.addEventListener("click", actions.stepLoop);
    this.line.addEventListener("click", actions.repeatLine);
    this.words = [
      word("One word back", ",", () => actions.goToWord(-1)),
      word("One word on", ".", () => actions.goToWord(1)),
    ];
    this.stretch = element("p", { class: "vt-hint" });
    this.pauses = this.#checkbox("Pause after each line", (pauses) => listening.set({ pauses }));
    this.skips = this.#checkbox("Skip silence", (skipsSilence) => listening.set({ skipsSilence }));
    this.rewinds = this.#checkbox(
      "Go back a little after a long pause",
      (rewinds) => listening.set({ rewinds }),
    );
    this.times = this.#select(
      "Hear each line",
      TIMES.map((times) => [String(times), times === 1 ? "Once" : times === 2 ? "Twice" : `${times} times`]),
      (times) => listening.set({ times: Number(times) }),
    );
    this.sleep = this.#select("Sleep timer", [
      ["", "Off"],
      ...MINUTES.map((minutes) => /** @type {[string, string]} */ ([String(minutes), `${minutes} minutes`])),
      ["chapter", "End of the chapter"],
      ["episode", "End of the episode"],
    ], (wish) => listening.sleep.set(wish === "chapter" || wish === "episode" ? wish : Number(wish) || null));
    this.left = element("output", { class: "vt-hint" });
    this.more = element("button", { type: "button", class: "vt-choice" }, "5 more minutes");
    this.more.addEventListener("click", () => listening.sleep.extend());
    this.remaining = element("p", { class: "vt-row" }, this.left, this.more);
    this.earlier = nudge("−", "Mark earlier", () => listening.nudge(-LAG_STEP_MS));
    this.later = nudge("+", "Mark later", () => listening.nudge(LAG_STEP_MS));
    this.lag = element("output", { class: "vt-lag" });
    this.offset = new WholeOffset(listening.player.corrections);
    this.root = this.#panel();
    this.#listen(signal);
    listening.onChange = () => this.refresh();
    this.refresh();
  }

  /** Open or close it. */
  toggle() {
    this.root.togglePopover();
  }

  #panel() {
    const close = iconButton("close", "Close", { class: "vt-button", popovertarget: this.#id });
    const lag = element(
      "div",
      { class: "vt-row", role: "group", "aria-labelledby": `${this.#id}-lag` },
      element("span", { id: `${this.#id}-lag` }, "Headphone delay"),
      element("span", { class: "vt-nudge" }, this.earlier, this.lag, this.later),
    );
    return element(
      "div",
      {
        id: this.#id,
        class: "vt-listening",
        popover: "auto",
        role: "dialog",
        "aria-labelledby": `${this.#id}-title`,
        tabindex: -1,
        autofocus: true,
      },
      element("header", {}, element("h2", { id: `${this.#id}-title` }, "Listening"), close),
      group("Repeat", element("div", { class: "vt-choices" }, this.loop, this.line), this.stretch),
      group("Word by word", element("div", { class: "vt-choices" }, ...this.words)),
      group("Line by line", this.times.row, this.pauses.row),
      group("Pauses", this.skips.row, this.rewinds.row),
      group("Sleep", this.sleep.row, this.remaining),
      group(
        "Wireless sound",
        lag,
        element("p", { class: "vt-hint" }, "More where the mark runs ahead of the voice."),
      ),
      this.offset.root,
    );
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    const place = () => {
      const bar = this.button.closest(".vt-dock")?.getBoundingClientRect();
      const { style } = this.root;
      style.setProperty("--vt-above", `${Math.max(0, innerHeight - (bar?.top ?? 0)).toFixed(0)}px`);
      style.setProperty("--vt-beside", `${this.button.getBoundingClientRect().left.toFixed(0)}px`);
    };
    this.root.addEventListener("beforetoggle", place, { signal });
    this.root.addEventListener("beforetoggle", (event) => {
      if (event.newState === "open") this.offset.look();
    }, { signal });
    globalThis.addEventListener("resize", () => this.root.matches(":popover-open") && place(), { signal });
    this.root.addEventListener("mousedown", (event) => {
      if (event.target instanceof Element && event.target.closest("button")) event.preventDefault();
    }, { signal });
  }

  /** Show what is on. */
  refresh() {
    const { loop, settings, sleep, summary, repeatsLine, transcript } = this.listening;
    const { stretch, span } = loop;
    const label = summary.length ? `Listening tools, ${summary.length} on` : "Listening tools";
    if (this.button.getAttribute("aria-label") !== label) {
      this.button.setAttribute("aria-label", label);
      this.button.title = `${label} (t)`;
    }
    const badge = sleep.wish === null ? String(summary.length || "") : brief(sleep.left);
    if (badge) this.button.dataset.badge = badge;
    else delete this.button.dataset.badge;
    write(this.state, summary.join(" · "));
    this.state.title = summary.join("\n");
    write(this.loop, span ? "End the loop" : stretch ? "Loop to here" : "Loop from here");
    this.loop.title = "a";
    this.line.title = "e";
    this.line.setAttribute("aria-pressed", String(repeatsLine));
    const end = span ? formatClock(span.end) : "…";
    write(this.stretch, stretch ? `${formatClock(stretch.start)} – ${end}` : "");
    this.stretch.hidden = !stretch;
    this.pauses.control.checked = settings.pauses;
    this.skips.control.checked = settings.skipsSilence;
    this.rewinds.control.checked = settings.rewinds;
    this.times.control.value = String(settings.times);
    this.sleep.control.value = String(sleep.wish ?? "");
    for (const option of this.sleep.control.options) {
      if (option.value === "chapter") option.hidden = option.disabled = !transcript?.chapters.length;
    }
    this.remaining.hidden = sleep.wish === null;
    write(this.left, `${formatClock(Math.ceil(sleep.left))} left`);
    write(this.lag, formatLag(settings.lag));
    this.earlier.disabled = settings.lag <= -LAG_MOST_MS;
    this.later.disabled = settings.lag >= LAG_MOST_MS;
  }

  /**
   * @param {string} label
   * @param {(checked: boolean) => void} act
   */
  #checkbox(label, act) {
    const control = element("input", { type: "checkbox" });
    control.addEventListener("change", () => act(control.checked));
    return {
      control,
      row: element("label", { class: "vt-row vt-check" }, control, element("span", {}, label)),
    };
  }

  /**
   * @param {string} label
   * @param {[string, string][]} choices value and text
   * @param {(value: string) => void} act
   */
  #select(label, choices, act) {
    const options = choices.map(([value, text]) => element("option", { value }, text));
    const control = element("select", {}, ...options);
    control.addEventListener("change", () => act(control.value));
    return { control, row: element("label", { class: "vt-row" }, element("span", {}, label), control) };
  }
}

/**
 * @param {string} legend
 * @param {Node[]} rows
 */
function group(legend, ...rows) {
  return element("fieldset", {}, element("legend", {}, legend), ...rows);
}

/**
 * @param {string} sign
 * @param {string} label
 * @param {() => void} act
 */
function nudge(sign, label, act) {
  const made = element(
    "button",
    { type: "button", class: "vt-choice", "aria-label": label, title: label },
    sign,
  );
  made.addEventListener("click", act);
  return made;
}

/**
 * @param {string} label
 * @param {string} key that does the same
 * @param {() => void} act
 */
function word(label, key, act) {
  const made = element("button", { type: "button", class: "vt-choice", title: key }, label);
  made.addEventListener("click", act);
  return made;
}

/**
 * Touch the page only where there is something new.
 * @param {HTMLElement} where
 * @param {string} text
 */
function write(where, text) {
  if (where.textContent !== text) where.textContent = text;
}

/**
 * A length for a badge: minutes, in the last one seconds.
 * @param {number} seconds
 */
function brief(seconds) {
  return seconds > 60 ? `${Math.ceil(seconds / 60)}m` : `${Math.ceil(seconds)}s`;
}
