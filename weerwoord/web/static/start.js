// The start: choose a partner and a level, prepare, and begin; or tell one's own experience.
import { at, button, el, fill } from "./dom.js";
import { portrait } from "./portrait.js";
import { bindPreparation } from "./preparation.js";
import { dropAll, keep, kept } from "./store.js";
import { config, partnerOf, texts } from "./texts.js";

const t = texts.start;

function pick(radios, value) {
  for (const radio of radios) radio.checked = radio.value === value;
}

// Args: talk; goTo(view); notify(text); forgotten() - when everything was deleted; prepare(data) - to send it.
export function makeStart({ talk, goTo, notify, forgotten, prepare }) {
  const form = at("begin");
  const { partner, level, consent } = form.elements;
  let told = null; // what the server knows about consent; null before anything was told
  let busy = false;

  for (const face of form.querySelectorAll("[data-portrait]")) {
    const { pronoun } = partnerOf(face.dataset.portrait);
    face.append(portrait(face.dataset.portrait, pronoun));
  }

  const chosen = kept("chosen", {});
  if ([...partner].some((one) => one.value === chosen.partner)) pick(partner, chosen.partner);
  if ([...level].some((one) => one.value === chosen.level)) pick(level, chosen.level);
  // what the site around this frame chose counts, whatever was chosen before
  if (config.embed?.partner) pick(partner, config.embed.partner);
  if (config.embed?.level) pick(level, config.embed.level);
  const prepared = bindPreparation(form);

  function refresh() {
    const name = partner.value && partnerOf(partner.value).name;
    form.querySelector("[type=submit]").textContent = name ? fill(t.begin_with, { name }) : t.begin;
  }

  form.addEventListener("change", () => {
    keep("chosen", { partner: partner.value, level: level.value });
    refresh();
  });

  function setBusy(now) {
    busy = now;
    at("begin-note").hidden = !now;
    at("begin-note").textContent = now ? t.beginning : "";
  }

  // Begins something; what was chosen about consent is told before it when the server does not know it yet.
  async function begin(payload) {
    if (busy) return;
    setBusy(true);
    const shared = prepared.shared();
    const given = consent.checked;
    goTo("talk");
    const worked = await talk.begin(payload, told === given ? null : given);
    if (worked) told = given;
    if (worked && shared && !talk.state.own) await prepare(shared);
    setBusy(false);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const values = {};
    if (partner.value) values.partner = partner.value;
    if (level.value !== "0") values.level = Number(level.value);
    begin(`/start_practice${Object.keys(values).length ? JSON.stringify(values) : ""}`);
  });

  at("own-begin").addEventListener("click", () => begin("/share_experience"));

  at("forget").addEventListener("click", () => at("forget-sure").showModal());
  at("forget-sure").addEventListener("close", async () => {
    if (at("forget-sure").returnValue !== "yes") return;
    if (!(await talk.press('/delete_my_data{"confirmed": true}'))) return;
    dropAll();
    form.reset();
    told = null;
    prepared.refresh();
    refresh();
    await forgotten();
    notify(texts.forget.done);
  });

  function showGoing({ going, own, partner: other }) {
    const text = own ? t.going_own : fill(t.going, { name: other?.name ?? "" });
    at("going").hidden = !going;
    at("going").replaceChildren(el("p", {}, text), button(t.go_on, () => goTo("talk"), { class: "main" }));
  }

  function showConsent(given) {
    told = given || null; // a no may be the server's own first value, which nobody has told it
    consent.checked = given === true;
    prepared.refresh();
  }

  function chooseLevel(number) {
    pick(level, String(number));
    keep("chosen", { partner: partner.value, level: level.value });
    goTo("start");
  }

  refresh();
  return { chooseLevel, showGoing, showConsent, shared: prepared.shared };
}
