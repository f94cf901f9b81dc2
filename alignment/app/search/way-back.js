/**
 * The links of the library do as a browser's do: they open in another tab when asked to, and the way back leads to
 * where one was, with the order and the filters that one had chosen.
 *
 * Browsers forget the place in an element that scrolls. Streamlit, when a link is followed from a page whose choices
 * stand in its address, first puts another entry into the history: this page's path without them.
 */

const KEY = "verbatime:library-place";

/** The cards come one after the other, for as long at most, milliseconds. */
const COMING_MS = 4000;

/** Whether the person comes back to a page, rather than following a link to it. */
let returns = performance.getEntriesByType("navigation").some((entry) =>
  /** @type {PerformanceNavigationTiming} */ (entry).type === "back_forward"
);

/** Whether a link to another page has been followed that does not show yet. */
let leaves = false;

addEventListener("popstate", () => {
  returns = true;
  leaves = false;
});
// After Streamlit, which takes a click on a link to a page of its own.
addEventListener("click", (event) => {
  if (!linkOf(event)) return;
  returns = false;
  leaves = event.defaultPrevented;
});

// Streamlit would take a click that asks for another tab or window, too.
addEventListener("click", (event) => {
  if (linkOf(event) && (event.ctrlKey || event.metaKey || event.shiftKey)) event.stopPropagation();
}, { capture: true });

const push = history.pushState.bind(history);
history.pushState = (state, unused, url) => {
  const isSamePage = new URL(url ?? "", location.href).pathname === location.pathname;
  if (leaves && isSamePage) return;
  leaves = false;
  push(state, unused, url);
};

/**
 * Keep the place when a link leads away; go to the one that was kept when one comes back.
 * @param {Element} scroller
 * @param {AbortSignal} signal
 */
export function keepWayBack(scroller, signal) {
  const kept = returns ? recall() : null;
  returns = false;
  if (kept?.address === location.href) bring(scroller, kept.top, signal);
  // Before Streamlit, which scrolls to the top.
  addEventListener("click", (event) => {
    if (linkOf(event)) remember({ address: location.href, top: scroller.scrollTop });
  }, { capture: true, signal });
}

/**
 * Scroll as soon as the page is long enough, unless the person scrolls before.
 * @param {Element} scroller
 * @param {number} top pixels
 * @param {AbortSignal} signal
 */
function bring(scroller, top, signal) {
  const done = new AbortController();
  const until = AbortSignal.any([signal, done.signal, AbortSignal.timeout(COMING_MS)]);
  const observer = new ResizeObserver(() => {
    if (scroller.scrollHeight - scroller.clientHeight < top) return;
    scroller.scrollTop = top;
    done.abort();
  });
  until.addEventListener("abort", () => observer.disconnect());
  for (const gesture of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    scroller.addEventListener(gesture, () => done.abort(), { signal: until, passive: true });
  }
  for (const part of scroller.children) observer.observe(part);
}

/** @param {Event} event */
function linkOf({ target }) {
  return target instanceof Element ? target.closest("a[href]") : null;
}

/** @returns {{address: string, top: number} | null} */
function recall() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  } catch {
    return null;
  }
}

/** @param {{address: string, top: number}} place */
function remember(place) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(place));
  } catch {
    // Without storage one begins at the top.
  }
}
