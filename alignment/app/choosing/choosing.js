/**
 * A list of recordings to choose from: a field that filters as one types, a box for all that are shown, a box for
 * each. Streamlit calls the function at every rerun; the list of an element lives as long as that does.
 *
 * Keys in the list: up and down, page up and page down, Home and End go from box to box, Space chooses, with
 * Shift from the last one on. The list is one stop of the Tab key, however long it is.
 */

/**
 * @typedef {object} Row
 * @property {string} title
 * @property {string} facts
 * @property {string} mark where it is already, "" for nowhere
 * @property {boolean} open whether it can be chosen
 */

/**
 * @typedef {object} Data
 * @property {Row[]} rows
 * @property {number[]} chosen numbers of rows that are chosen to begin with
 */

/** @typedef {(name: "chosen", value: number[]) => void} Tell */

const CHUNK = 50;
const PAGE = 10;
const DELAY_MS = 60;

/** @type {WeakMap<Element | ShadowRoot, List>} */
const lists = new WeakMap();

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} [attributes]
 * @param {(Node | string)[]} children text goes in as text: no title can become markup
 */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** @param {string} text without accents and in small letters, as it is compared */
function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase();
}

/** @param {number} count */
function recordings(count) {
  return `${count.toLocaleString("en")} ${count === 1 ? "recording" : "recordings"}`;
}

class List {
  /**
   * @param {Element | ShadowRoot} host
   * @param {Data} data
   * @param {Tell} tell
   */
  constructor(host, data, tell) {
    this.tell = tell;
    this.chosen = new Set(data.chosen);
    this.last = -1; // the box that was clicked last
    this.timer = 0;
    this.given = "";
    /** @type {Row[]} */
    this.rows = [];
    /** @type {{item: HTMLLIElement, box: HTMLInputElement, text: string}[]} */
    this.entries = [];
    /** @type {HTMLUListElement[]} */
    this.chunks = [];
    this.filter = element("input", {
      type: "search",
      "aria-label": "Filter the recordings",
      placeholder: "Filter",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      maxlength: "200",
    });
    this.all = element("input", { type: "checkbox" });
    this.allText = element("span", {}, "Select all shown");
    this.status = element("p", { class: "ch-status", role: "status" });
    this.list = element("div", { class: "ch-list", role: "group", "aria-label": "Recordings" });
    this.nothing = element("p", { class: "ch-nothing" }, "Nothing of this list has that in its title or date.");
    this.root = element(
      "div",
      { class: "ch" },
      this.filter,
      element(
        "div",
        { class: "ch-bar" },
        element("label", { class: "ch-all" }, this.all, this.allText),
        this.status,
      ),
      this.nothing,
      this.list,
    );
    this.filter.addEventListener("input", () => this.later());
    this.filter.addEventListener("keydown", (event) => this.onFilterKey(event));
    this.all.addEventListener("change", () => this.chooseAll(this.all.checked));
    this.list.addEventListener("click", (event) => this.onClick(event));
    this.list.addEventListener("keydown", (event) => this.onKey(event));
    host.append(this.root);
    this.take(data);
  }

  destroy() {
    clearTimeout(this.timer);
    this.root.remove();
  }

  /** @param {Data} data what a rerun says: as before, or with other rows that can be chosen */
  take({ rows }) {
    const given = JSON.stringify(rows);
    if (given === this.given) return;
    this.given = given;
    this.rows = rows;
    const top = this.list.scrollTop;
    this.entries = rows.map((row, number) => this.entry(row, number));
    this.chunks = [];
    for (let from = 0; from < this.entries.length; from += CHUNK) {
      const items = this.entries.slice(from, from + CHUNK).map(({ item }) => item);
      this.chunks.push(element("ul", {}, ...items));
    }
    this.list.replaceChildren(...this.chunks);
    this.sift();
    this.list.scrollTop = top;
  }

  /**
   * @param {Row} row
   * @param {number} number
   */
  entry(row, number) {
    const box = element("input", { type: "checkbox", "data-number": String(number), tabindex: "-1" });
    box.disabled = !row.open;
    box.checked = row.open && this.chosen.has(number);
    const facts = element("span", { class: "ch-facts" }, row.facts);
    if (row.mark) facts.prepend(element("b", { class: "ch-mark" }, row.mark), row.facts ? " · " : "");
    const words = element("span", {}, element("span", { class: "ch-title", dir: "auto" }, row.title), facts);
    const item = element("li", {}, element("label", {}, box, words));
    return { item, box, text: folded(`${row.title} ${row.facts} ${row.mark}`) };
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.sift(), DELAY_MS);
  }

  /** Show what has all the words of the filter. */
  sift() {
    const words = folded(this.filter.value).split(/\s+/).filter(Boolean);
    for (const { item, text } of this.entries) item.hidden = !words.every((word) => text.includes(word));
    for (const chunk of this.chunks) {
      const shown = [...chunk.children].filter((item) => !(/** @type {HTMLElement} */ (item).hidden)).length;
      chunk.style.setProperty("--shown", String(shown)); // by which it has its height while it is not drawn
      chunk.hidden = !shown;
    }
    this.nothing.hidden = this.shown().length > 0;
    this.list.hidden = !this.nothing.hidden;
    this.list.scrollTop = 0;
    this.settle();
  }

  shown() {
    return this.entries.filter(({ item }) => !item.hidden);
  }

  /** Boxes that can be chosen, of the rows that are shown. */
  boxes() {
    return this.shown().map(({ box }) => box).filter((box) => !box.disabled);
  }

  /** What the boxes come to: the one for all, the count, and where the Tab key leads. */
  settle() {
    const boxes = this.boxes();
    const checked = boxes.filter((box) => box.checked).length;
    this.all.disabled = !boxes.length;
    this.all.checked = boxes.length > 0 && checked === boxes.length;
    this.all.indeterminate = checked > 0 && checked < boxes.length;
    const shown = this.shown().length;
    const chosen = this.numbers().length;
    const some = shown < this.rows.length ? `${shown.toLocaleString("en")} of ` : "";
    this.status.textContent =
      `${some}${recordings(this.rows.length)}, ${chosen.toLocaleString("en")} chosen`;
    if (!boxes.some((box) => box.tabIndex === 0)) this.leadTo(boxes[0]);
  }

  numbers() {
    return [...this.chosen].filter((number) => this.rows[number]?.open).sort((one, other) => one - other);
  }

  /** @param {HTMLInputElement | undefined} box where the Tab key leads */
  leadTo(box) {
    for (const entry of this.entries) entry.box.tabIndex = -1;
    if (box) box.tabIndex = 0;
  }

  /**
   * @param {HTMLInputElement} box
   * @param {boolean} wanted
   */
  choose(box, wanted) {
    box.checked = wanted;
    if (wanted) this.chosen.add(Number(box.dataset.number));
    else this.chosen.delete(Number(box.dataset.number));
  }

  /** @param {boolean} wanted */
  chooseAll(wanted) {
    clearTimeout(this.timer);
    this.sift(); // what was typed a moment ago counts
    for (const box of this.boxes()) this.choose(box, wanted);
    this.say();
  }

  say() {
    this.settle();
    this.tell("chosen", this.numbers());
  }

  /** @param {MouseEvent} event also of the Space key */
  onClick(event) {
    const box = event.target;
    if (!(box instanceof HTMLInputElement)) return;
    const boxes = this.boxes();
    const here = boxes.indexOf(box);
    const there = boxes.findIndex(({ dataset }) => Number(dataset.number) === this.last);
    const [from, to] = event.shiftKey && there >= 0 ? [here, there].sort((a, b) => a - b) : [here, here];
    for (const each of boxes.slice(from, to + 1)) this.choose(each, box.checked);
    this.last = Number(box.dataset.number);
    this.leadTo(box);
    this.say();
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    event.stopPropagation(); // the page has keys of its own
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const boxes = this.boxes();
    const place = boxes.indexOf(/** @type {HTMLInputElement} */ (event.target));
    const places = {
      ArrowDown: place + 1,
      ArrowUp: place - 1,
      PageDown: place + PAGE,
      PageUp: place - PAGE,
      Home: 0,
      End: boxes.length - 1,
    };
    const next = places[/** @type {keyof typeof places} */ (event.key)];
    if (next === undefined) return;
    event.preventDefault();
    const box = boxes[Math.min(Math.max(next, 0), boxes.length - 1)];
    this.leadTo(box);
    box?.focus();
  }

  /** @param {KeyboardEvent} event */
  onFilterKey(event) {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "ArrowDown") this.boxes().find((box) => box.tabIndex === 0)?.focus();
    else if (event.key === "Escape" && this.filter.value) {
      this.filter.value = "";
      this.sift();
    } else return;
    event.preventDefault();
  }
}

/** @param {{parentElement: Element | ShadowRoot, data: Data, setStateValue: Tell}} given */
export default function ({ parentElement, data, setStateValue }) {
  const list = lists.get(parentElement);
  if (list) {
    list.tell = setStateValue;
    list.take(data);
  } else lists.set(parentElement, new List(parentElement, data, setStateValue));
  return () => {
    lists.get(parentElement)?.destroy();
    lists.delete(parentElement);
  };
}
