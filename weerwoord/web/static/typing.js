// Somebody who answers thinks and types for a while: as long as fits his line, and not at all with reduced motion.
import { at, calm, el, fill } from "./dom.js";
import { texts } from "./texts.js";

const THINKING = 500; // ms
const PER_CHARACTER = 18; // ms
const LONGEST = 2400; // ms

// Args: name of who types; text he will say; since: when the user sent, as performance.now(); onShown().
export async function typing(name, text, since, onShown) {
  if (calm()) return;
  const left = Math.min(THINKING + PER_CHARACTER * text.length, LONGEST) - (performance.now() - since);
  if (left <= 0) return;
  const dots = el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
  at("typing").replaceChildren(dots, ` ${fill(texts.talk.typing, { name })}`);
  at("typing").hidden = false;
  onShown();
  await new Promise((resolve) => setTimeout(resolve, left));
  at("typing").hidden = true;
}
