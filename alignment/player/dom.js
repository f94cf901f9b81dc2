/** Making elements. Text goes in as text nodes only, so that no transcript can become markup. */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | null | undefined>} [attributes] those that are null,
 *   undefined or false are left out, true stands for an empty value
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children);
  return made;
}

/** Outlines on a 24 by 24 grid, in the drawing language of SVG paths. */
const ICONS = {
  play: "M8 5.14v13.72a1 1 0 0 0 1.52.86l11.2-6.86a1 1 0 0 0 0-1.72L9.52 4.28A1 1 0 0 0 8 5.14z",
  pause: "M7 4h3.2v16H7zM13.8 4H17v16h-3.2z",
  previous: "M6 5h2.2v14H6zM19 6v12l-9-6z",
  next: "M15.8 5H18v14h-2.2zM5 6v12l9-6z",
  volume:
    "M4 9v6h4l5 4.5v-15L8 9zM15.5 8.3a5 5 0 0 1 0 7.4l1.1 1.2a6.6 6.6 0 0 0 0-9.8zM17.9 5.7a9 9 0 0 1 0 12.6l1.1 1.1a10.6 10.6 0 0 0 0-14.8z",
  muted:
    "M4 9v6h4l5 4.5v-15L8 9zM16 9.1 17.1 8l1.9 1.9L20.9 8 22 9.1 20.1 11l1.9 1.9-1.1 1.1-1.9-1.9-1.9 1.9-1.1-1.1 1.9-1.9z",
  search:
    "M10.5 4a6.5 6.5 0 0 1 5.16 10.45l4.2 4.2-1.2 1.2-4.2-4.2A6.5 6.5 0 1 1 10.5 4zm0 1.7a4.8 4.8 0 1 0 0 9.6 4.8 4.8 0 0 0 0-9.6z",
  link:
    "M10.6 13.4a1 1 0 0 1 0 1.4 4 4 0 0 1-.1-5.6l3-3a4 4 0 0 1 5.7 5.7l-1.8 1.8a6 6 0 0 0-.3-2l.8-.9A2.2 2.2 0 0 0 14.8 7.700l-3 3a2.2 2.2 0 0 0 0 3.100zM13.4 10.600a1 1 0 0 1 0-1.4 4 4 0 0 1 .1 5.600l-3 3a4 4 0 0 1-5.7-5.700l1.8-1.800a6 6 0 0 0 .3 2l-.8.9a2.2 2.2 0 0 0 3.1 3.100l3-3a2.2 2.2 0 0 0 0-3.100z",
  quote:
    "M5 6h5.500v6.200c0 3-1.600 5-4.600 5.800l-.6-1.600c1.700-.6 2.600-1.600 2.700-3.200H5zM13.500 6H19v6.200c0 3-1.600 5-4.600 5.800l-.6-1.600c1.700-.6 2.600-1.600 2.700-3.200h-3z",
  out:
    "M5 5h6v1.700H6.700v10.600h10.600V13H19v6H5zM13.500 5H19v5.500h-1.700V7.900l-6.200 6.200-1.200-1.200 6.200-6.200h-2.600z",
  help:
    "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zm0 1.700a7.3 7.3 0 1 0 0 14.6 7.3 7.3 0 0 0 0-14.600zm-.9 10.800h1.800v1.800h-1.800zM12 6.900c2 0 3.3 1.2 3.3 2.9 0 2.2-2.4 2.4-2.4 4.200h-1.800c0-2.7 2.3-2.9 2.3-4.2 0-.8-.6-1.3-1.4-1.300s-1.5.6-1.5 1.500H8.700c0-1.9 1.4-3.1 3.3-3.100z",
  listening:
    "M12 3.5a9 9 0 0 0-9 9V18a2.5 2.5 0 0 0 2.5 2.5H7a1.3 1.3 0 0 0 1.3-1.3v-5A1.3 1.3 0 0 0 7 12.900H4.700v-.4a7.3 7.3 0 0 1 14.6 0v.4H17a1.3 1.3 0 0 0-1.3 1.3v5a1.3 1.3 0 0 0 1.3 1.3h1.5A2.5 2.5 0 0 0 21 18v-5.5a9 9 0 0 0-9-9z",
  close: "M6.2 5 12 10.8 17.8 5 19 6.2 13.2 12l5.8 5.8-1.2 1.200L12 13.2 6.2 19 5 17.8 10.8 12 5 6.200z",
  up: "M12 6.5 19.5 14l-1.3 1.300L12 9.100l-6.2 6.200L4.5 14z",
  down: "M12 17.5 4.5 10l1.3-1.3 6.2 6.2 6.2-6.200L19.5 10z",
  paragraphs: "M4 6h16v1.700H4zM4 10h16v1.700H4zM4 14h16v1.700H4zM4 18h9v1.700H4z",
  lines: "M4 6h2v1.700H4zM8 6h12v1.700H8zM4 11h2v1.700H4zM8 11h9v1.700H8zM4 16h2v1.700H4zM8 16h11v1.700H8z",
  hits: "M3.500 5.500h13v1.700h-13zM3.500 10.150h8v1.700h-8zM3.500 14.800h8v1.700h-8zM14 10.500v9l7-4.500z",
  note:
    "M6 3h12a1 1 0 0 1 1 1v17l-7-4.300L5 21V4a1 1 0 0 1 1-1zm.7 1.700v13.250L12 14.700l5.300 3.250V4.700z",
  mark:
    "M14.600 3.500 20.500 9.400 11 17.500H6.500V13zM8.200 13.800v2h2.100l7.700-6.500-2.900-2.900zM4 19.300h16V21H4z",
  edit:
    "M15.900 3.700a1.400 1.400 0 0 1 2 0l2.400 2.400a1.400 1.400 0 0 1 0 2L8.600 19.800 3.500 20.500l.7-5.100zM5.800 16.200l-.3 2.300 2.300-.3L16 10 14 8zM15.200 6.800l2 2 1.700-1.700-2-2z",
  save:
    "M11.150 4h1.700v8.600l3.300-3.300 1.200 1.200L12 15.850 6.650 10.500l1.200-1.200 3.300 3.300zM5 17.800h14v1.700H5z",
  delete:
    "M9 3h6l1 2h4v1.700H4V5h4zM5.500 8h13l-.8 12a1 1 0 0 1-1 1H7.300a1 1 0 0 1-1-1zm1.800 1.700.65 9.600h8.100l.65-9.600z",
  back: "M12 5a8 8 0 1 1-7.7 5.800h1.800A6.3 6.3 0 1 0 12 6.700v3L7.7 5.85 12 2z",
  forward: "M12 5a8 8 0 1 0 7.7 5.800h-1.800A6.3 6.3 0 1 1 12 6.700v3l4.3-3.85L12 2z",
};

/**
 * @param {keyof typeof ICONS} name
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  const path = document.createElementNS(namespace, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "vt-icon");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/**
 * A button that shows an icon and says its label on hover and to screen readers.
 * @param {keyof typeof ICONS} name
 * @param {string} label
 * @param {Record<string, string>} [attributes]
 */
export function iconButton(name, label, attributes = {}) {
  return element("button", { type: "button", "aria-label": label, title: label, ...attributes }, icon(name));
}
