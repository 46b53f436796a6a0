// In a frame on another site: this page and the site's button (widget.js) tell each other only three words.
import { at } from "./dom.js";

// Args: focus() - puts the focus where the user goes on.
export function joinHost(focus) {
  if (parent === window) return;
  // to whoever shows us: frame-ancestors decided who that can be, and the words hold nothing of the user
  const tell = (word) => parent.postMessage({ weerwoord: word }, "*");

  addEventListener("message", (event) => {
    if (event.source === parent && event.data?.weerwoord === "focus") focus();
  });
  addEventListener("keydown", (event) => {
    // an open dialog or drawer of the page closes first
    if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing && !document.querySelector("dialog[open]")) tell("close");
  });
  tell("ready");
}
