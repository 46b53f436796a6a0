// Weerwoord on your own site: a button that opens a practice talk in place. One script tag is all; see docs/widget.md.
// Everything lives in a shadow root and a frame: this script reads and writes no cookies and no storage of the site,
// adds one element at the end of the page and asks nothing of Weerwoord until somebody opens the talk.
(() => {
  "use strict";
  const texts = {{ texts | tojson }};
  const partners = {{ partners | tojson }};
  const ANSWER_TIME = 10000; // ms; a frame that is still silent then was refused, or Weerwoord is away
  const NARROW = "(max-width: 36rem), (max-height: 32rem)"; // a phone: the talk fills the window, the site waits behind it

  const script = document.currentScript;
  if (!script) return;
  const weerwoord = new URL(script.src).origin;

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);

  // A preset of the script tag; one that is not known is told to who makes the site, and left out.
  function preset(name, allowed) {
    const value = script.dataset[name]?.trim();
    if (!value) return null;
    if (allowed.includes(value)) return value;
    console.warn(fill(texts.unknown, { name: `data-${name}`, value, allowed: allowed.join(", ") }));
    return null;
  }

  const address = new URL("/embed", weerwoord);
  for (const [name, value] of [["partner", preset("partner", partners)], ["level", preset("level", {{ levels | tojson }})]]) {
    if (value) address.searchParams.set(name, value);
  }

  const el = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };

  function icon(path) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  }

  // a sheet made by script, so that the site's Content-Security-Policy need not allow inline styles
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial; }
    * { box-sizing: border-box; }
    button, a, p, h2 { font: 600 16px/1.4 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; margin: 0; }
    svg { width: 1.5em; height: 1.5em; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; flex: none; }
    .bubble {
      position: fixed; right: 16px; bottom: 16px; z-index: 2147483000;
      display: flex; align-items: center; gap: 8px; min-height: 52px; padding: 8px 20px;
      border: 2px solid #fff; border-radius: 26px; background: #1f4e5f; color: #fff; cursor: pointer;
      box-shadow: 0 2px 12px rgb(0 0 0 / .3);
    }
    .bubble:hover { background: #163a47; }
    :focus-visible { outline: 3px solid #b3470f; outline-offset: 2px; }
    .bubble:focus-visible { box-shadow: 0 0 0 8px #fff; outline-offset: 3px; }
    dialog {
      position: fixed; inset: auto 16px 84px auto; z-index: 2147483001; margin: 0; padding: 0;
      width: min(430px, calc(100vw - 32px)); height: min(720px, calc(100dvh - 100px));
      max-width: none; max-height: none; overflow: hidden;
      border: 1px solid #1f4e5f; border-radius: 12px; background: #fff; color: #1c2326;
      box-shadow: 0 6px 30px rgb(0 0 0 / .35);
    }
    dialog[open] { display: grid; grid-template-rows: auto minmax(0, 1fr); }
    .head { display: flex; align-items: center; gap: 8px; padding: 4px 4px 4px 16px; background: #1f4e5f; color: #fff; }
    h2 { flex: 1; }
    .head a, .head button {
      display: grid; place-items: center; min-width: 44px; min-height: 44px; padding: 0;
      border: 0; border-radius: 8px; background: none; color: inherit; cursor: pointer;
    }
    .head :hover:is(a, button) { background: #163a47; }
    .head :focus-visible { outline-color: #fff; outline-offset: -3px; }
    .body { position: relative; }
    iframe { display: block; width: 100%; height: 100%; border: 0; background: #fff; }
    .message { position: absolute; inset: 0; padding: 24px; background: #fff; }
    .message p { font-weight: 400; margin-bottom: 12px; }
    .message a { color: #1f4e5f; }
    [hidden] { display: none !important; }
    @media ${NARROW} {
      dialog { inset: 0; width: 100vw; height: 100dvh; border: 0; border-radius: 0; }
    }
    @media (forced-colors: active) {
      .bubble, .head a, .head button { border: 2px solid ButtonText; }
    }
    @media print { :host { display: none !important; } }
  `);

  const host = el("weerwoord-widget", { lang: "nl" });
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];

  const bubble = el(
    "button",
    { type: "button", class: "bubble", "aria-expanded": "false", "aria-haspopup": "dialog" },
    icon("M4 4h16v12h-8l-5 4v-4H4z"),
    el("span", {}, texts.button),
  );
  const apart = el("a", { href: `${weerwoord}/`, target: "_blank", rel: "noopener", title: texts.apart, "aria-label": texts.apart }, icon("M14 4h6v6M20 4l-9 9M10 6H5v13h13v-5"));
  const close = el("button", { type: "button", title: texts.close, "aria-label": texts.close }, icon("M5 5l14 14M19 5L5 19"));
  const status = el("p", { role: "status" });
  const message = el("div", { class: "message" }, status);
  const body = el("div", { class: "body" }, message);
  const panel = el("dialog", { "aria-labelledby": "title" }, el("div", { class: "head" }, el("h2", { id: "title" }, texts.title), apart, close), body);
  root.append(bubble, panel);

  let frame = null;
  let answered = false;
  let timer = 0;
  const narrow = matchMedia(NARROW);

  function fetchFrame() {
    answered = false;
    message.hidden = false;
    status.textContent = texts.loading;
    frame?.remove();
    // the microphone only asks when the user chooses to speak; see docs/widget.md
    frame = el("iframe", { src: address.href, title: texts.title, allow: "microphone", referrerpolicy: "no-referrer" });
    body.prepend(frame);
    clearTimeout(timer);
    timer = setTimeout(refuse, ANSWER_TIME);
  }

  function refuse() {
    if (answered) return;
    status.replaceChildren(texts.refused, " ", el("a", { href: `${weerwoord}/`, target: "_blank", rel: "noopener" }, texts.apart));
  }

  function intoFrame() {
    if (!answered) {
      close.focus();
      return;
    }
    frame.focus();
    frame.contentWindow.postMessage({ weerwoord: "focus" }, weerwoord);
  }

  function show() {
    if (narrow.matches) panel.showModal();
    else panel.show();
    bubble.setAttribute("aria-expanded", "true");
  }

  function open() {
    show();
    if (!frame || !answered) fetchFrame();
    intoFrame();
  }

  function shut() {
    if (!panel.open) return;
    panel.close();
    bubble.setAttribute("aria-expanded", "false");
    bubble.focus();
  }

  bubble.addEventListener("click", () => (panel.open ? shut() : open()));
  close.addEventListener("click", shut);
  panel.addEventListener("cancel", (event) => {
    event.preventDefault();
    shut();
  });
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") shut();
  });
  narrow.addEventListener("change", () => {
    if (!panel.open) return;
    panel.close();
    show();
  });

  addEventListener("message", (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== weerwoord) return;
    if (event.data?.weerwoord === "ready") {
      const wanted = panel.open && !answered && root.activeElement === close;
      answered = true;
      clearTimeout(timer);
      message.hidden = true;
      if (wanted) intoFrame();
    }
    if (event.data?.weerwoord === "close") shut();
  });

  const place = () => {
    if (!document.querySelector("weerwoord-widget")) document.body.append(host); // a second tag adds nothing
  };
  if (document.body) place();
  else addEventListener("DOMContentLoaded", place);
})();
