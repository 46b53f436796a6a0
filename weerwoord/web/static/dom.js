// Small helpers to build the page from text; nothing that comes from outside is ever HTML.

export const at = (id) => document.getElementById(id);

function fit(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(name, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export function el(tag, attributes = {}, ...children) {
  return fit(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fit(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

export function button(text, onClick, attributes = {}) {
  const node = el("button", { type: "button", ...attributes }, text);
  node.addEventListener("click", onClick);
  return node;
}

// A text with its {values} filled in.
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

// The same, with nodes for values: a list to append.
export function fillNodes(text, values) {
  return text.split(/(\{\w+\})/).map((part) => {
    const key = /^\{(\w+)\}$/.exec(part)?.[1];
    return key && key in values ? values[key] : part;
  });
}

// Says something to who cannot see the page change.
export function announce(text) {
  at("announce").textContent = text;
}

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

const days = new Intl.DateTimeFormat("nl", { day: "numeric", month: "long", year: "numeric" });
const hours = new Intl.DateTimeFormat("nl", { hour: "2-digit", minute: "2-digit" });

export const dayOf = (seconds) => days.format(new Date(seconds * 1000));
export const hourOf = (seconds) => hours.format(new Date(seconds * 1000));
export const now = () => Date.now() / 1000; // seconds since 1970
