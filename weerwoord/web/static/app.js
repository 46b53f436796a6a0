// The page: which view is shown (by the part of the address behind #), and what joins the parts.
import { at, button, el, fill } from "./dom.js";
import { joinHost } from "./embed.js";
import { ask } from "./net.js";
import { people } from "./people.js";
import { makeStart } from "./start.js";
import { makeTalk } from "./talk.js";
import { config, texts } from "./texts.js";

const VIEWS = { start: "start", gesprek: "talk", nabespreking: "after", voortgang: "progress" };
const HASHES = Object.fromEntries(Object.entries(VIEWS).map(([hash, view]) => [view, hash]));
const AGAIN = 3000; // ms, until the server is asked again for the talk so far

// what the first view does without, fetched when that is there
const debriefing = () => import("./debrief.js");
const progressing = () => import("./progress.js");
const guiding = () => import("./guidance.js");

let loaded = false;
let arriving = false; // the first view keeps the focus where the browser put it

function notify(text, again = null) {
  at("notice").hidden = !text;
  at("notice").replaceChildren(...(text ? [el("span", {}, text)] : []), ...(again ? [button(texts.retry, again)] : []));
}

function where() {
  const [name, ...rest] = location.hash.slice(1).split("-");
  return { view: VIEWS[name] ?? "start", key: rest.join("-") };
}

function goTo(view, key = "") {
  const hash = `#${HASHES[view]}${key ? `-${key}` : ""}`;
  if (location.hash === hash) show();
  else location.hash = hash;
}

async function fillDebrief(key) {
  const { showDebrief, showNone } = await debriefing();
  const current = talk.state.debrief;
  const latest = await people.latest();
  const wanted = key || (current && latest);
  let shown = wanted ? await people.debrief(wanted) : null;
  if (!key && (!shown || shown.error)) shown = current; // what was heard just now can be read without the server
  if (!shown || shown.error) return showNone(shown?.error ?? texts.debrief.none, () => goTo("start"));
  if (wanted) guiding().then(({ addRemarks }) => addRemarks(wanted, shown.timeline));
  return showDebrief(shown, {
    mayRetry: Boolean(current) && (!key || key === latest),
    onRetry: (turn) => talkWith(`/try_again{"turn": ${turn}}`),
    onSame: () => talkWith("/same_partner"),
    onOther: () => goTo("start"),
    onAnswer: (quote, meant) => shown.key && people.answer(shown.key, quote, meant),
  });
}

async function fillView({ view, key }) {
  if (view === "after") return fillDebrief(key);
  if (view === "progress") {
    const { showProgress, showWaiting } = await progressing();
    showWaiting();
    const talks = [...(await people.talks())].reverse();
    return showProgress(talks, { onStart: () => goTo("start"), onLevel: (level) => start.chooseLevel(level) });
  }
  return at(view === "talk" ? "talk-title" : "start-title");
}

function talkWith(payload) {
  goTo("talk");
  talk.press(payload);
}

async function show() {
  const place = where();
  if (place.view === "talk" && loaded && !talk.state.going && !talk.state.debrief) {
    location.replace(`#${HASHES.start}`);
    return;
  }
  for (const view of Object.values(VIEWS)) at(`view-${view}`).hidden = view !== place.view;
  document.body.dataset.view = place.view;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.dataset.view === place.view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = place.view === "start" ? texts.title : fill(texts.title_of, { view: texts.nav[place.view] });
  notify("");
  talk.closePanel();
  if (place.view === "start") people.showEarlier();
  const title = await fillView(place);
  if (arriving) title.focus({ preventScroll: true });
  if (place.view === "talk") {
    talk.refresh();
    talk.bottom();
    if (arriving && talk.state.going) talk.focus();
  } else if (arriving) scrollTo(0, 0);
}

const talk = makeTalk({
  notify,
  onPartners: () => goTo("start"),
  onState: (state) => {
    start.showGoing(state);
    const links = { talk: state.going || state.debrief, after: state.debrief };
    for (const [view, there] of Object.entries(links)) document.querySelector(`nav [data-view=${view}]`).hidden = !there;
  },
  onDebrief: (debrief, atOnce) => {
    people.load();
    if (atOnce) goTo("after");
  },
});
const start = makeStart({ talk, goTo, notify, forgotten: load, prepare: people.prepare });
people.init({ start, notify, onView: (key) => goTo("after", key), onEntered: () => load() });

// Where somebody who comes in from the site around the frame goes on.
function focusOn() {
  if (where().view === "talk" && talk.state.going) talk.focus();
  else document.querySelector(".view:not([hidden]) h1").focus();
}

async function load() {
  const [history] = await Promise.all([ask("/api/history"), people.load()]);
  if (history.error) {
    notify(history.error, load);
    if (history.away) setTimeout(() => loaded || load(), AGAIN);
    return;
  }
  notify("");
  loaded = true;
  await talk.load(history.messages);
  await show();
  document.documentElement.dataset.ready = "";
  await Promise.all([debriefing(), progressing()]);
  if (!config.embed) (await guiding()).showGuidance();
}

document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // what stands behind # is the view
  at("main").focus();
});
addEventListener("hashchange", () => {
  arriving = true;
  show();
});
show();
performance.mark("usable"); // the view that was asked for is there, and can be typed in
load();
if (config.embed) joinHost(focusOn);
