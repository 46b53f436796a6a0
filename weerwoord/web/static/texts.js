// What the server delivered with the page: every text, the partners, the names of the rubric.
export const config = JSON.parse(document.getElementById("config").textContent);
export const texts = config.texts;

const partners = new Map(config.partners.map((p) => [p.id, p]));

// A partner by identifier; one that is no longer there keeps the name it is asked with.
export function partnerOf(id, name = "") {
  return partners.get(id) ?? { id, name: name || id, full_name: name || id, role: "", organisation: "", pronoun: "hij", pronouns: {} };
}

// A partner by name, first or full: all that a line or a debrief has.
export function partnerNamed(name) {
  return config.partners.find((p) => p.full_name === name || p.name === name) ?? partnerOf(name);
}
