"""Speaking and being read to, with a browser whose speech is played by the test."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.harness import NARROW, WIDE, Visitors, axe, shoot
from tests.browser.pages import GOAL, arrive, begin, lines, say, until
from weerwoord.messages import message, section

TEXTS = section("web.speech")

# Chromium has both interfaces, but no service and no voice behind them; these stand in and keep what they were asked.
VOICES = """
window.spoken = [];
const voices = [
  { name: "Cloud", lang: "nl-NL", localService: false },
  { name: "Vlaams", lang: "nl_BE", localService: true },
  { name: "Hier", lang: "nl-NL", localService: true },
  { name: "English", lang: "en-GB", localService: true },
];
const synthesis = new EventTarget();
synthesis.getVoices = () => WHICH;
synthesis.speak = (u) => spoken.push(`${u.voice.name}: ${u.text}`);
synthesis.cancel = () => spoken.push("silence");
Object.defineProperty(window, "speechSynthesis", { value: synthesis });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""
EARS = """
window.started = [];
window.SpeechRecognition = class {
  start() { started.push(this); if (window.refuses) setTimeout(() => this.fail(window.refuses)); }
  stop() { this.onend(); }
  abort() { this.onerror({ error: "aborted" }); this.onend(); }
  fail(error) { this.onerror({ error }); this.onend(); }
  hear(transcript, isFinal) {
    this.onresult({ resultIndex: 0, results: [Object.assign([{ transcript }], { isFinal })] });
  }
};
window.webkitSpeechRecognition = undefined;
"""
AVAILABLE = "SpeechRecognition.available = async ({ processLocally }) => processLocally ? '%s' : '%s';"


def open_page(visitors: Visitors, *scripts: str, width: int = WIDE, **how: Any) -> Page:
    page = visitors.open(width, reduced_motion="reduce", **how)
    for script in scripts:
        page.add_init_script(script)
    arrive(page)
    return page


def talking(visitors: Visitors, *scripts: str, **how: Any) -> Page:
    page = open_page(visitors, *scripts, **how)
    begin(page)
    return page


def voices(which: str = "voices") -> str:
    return VOICES.replace("WHICH", which)


def speak(page: Page) -> None:
    page.get_by_role("button", name=TEXTS["speak"]).click()


def hear(page: Page, text: str, final: bool = True) -> None:
    expect(page.get_by_role("button", name=TEXTS["stop"])).to_have_attribute("aria-pressed", "true")
    page.evaluate("([text, final]) => started.at(-1).hear(text, final)", [text, final])


def status(page: Page) -> Any:
    return expect(page.locator("#speech [role=status]"))


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_browser_listens_only_after_it_was_told_where_the_sound_goes(visitors: Visitors, width: int) -> None:
    page = talking(visitors, EARS, voices(), width=width)
    speak(page)
    consent = page.get_by_role("dialog", name=TEXTS["consent"])
    expect(consent).to_contain_text(TEXTS["consent_away"])
    axe(page, "consent to listen")
    shoot(page, "speech-consent")
    assert page.evaluate("started.length") == 0
    consent.get_by_role("button", name=TEXTS["consent_no"]).click()
    assert page.evaluate("started.length") == 0
    speak(page)
    page.keyboard.press("Escape")
    assert page.evaluate("started.length") == 0
    speak(page)
    consent.get_by_role("button", name=TEXTS["consent_yes"]).click()
    until(page, "started.length", 1)
    assert page.evaluate("[started[0].lang, started[0].processLocally]") == ["nl-NL", None]
    status(page).to_have_text(TEXTS["listening"])
    expect(page.get_by_role("button", name=TEXTS["stop"])).to_have_attribute("aria-pressed", "true")
    axe(page, "listening")
    shoot(page, "speech-listening")


def test_what_was_heard_is_read_before_it_is_sent(visitors: Visitors) -> None:
    page = talking(visitors, EARS)
    page.locator("#text").fill("Goedemorgen.")
    speak(page)
    page.get_by_role("button", name=TEXTS["consent_yes"]).click()
    hear(page, "Ik kom niet", final=False)
    status(page).to_have_text(message("web.speech.heard", text="Ik kom niet"))
    hear(page, "Ik kom niet solliciteren.")
    expect(page.locator("#text")).to_have_value("Goedemorgen. Ik kom niet solliciteren.")
    page.get_by_role("button", name=TEXTS["stop"]).click()
    status(page).to_have_text(TEXTS["check"])
    expect(lines(page)).to_have_count(1)
    speak(page)  # asked once is enough
    until(page, "started.length", 2)
    page.locator("#text").press("Enter")
    expect(lines(page)).to_have_count(2)
    expect(page.get_by_role("button", name=TEXTS["speak"])).to_have_attribute("aria-pressed", "false")


def test_consent_is_remembered_and_can_be_withdrawn(visitors: Visitors) -> None:
    page = talking(visitors, EARS)
    speak(page)
    page.get_by_role("button", name=TEXTS["consent_yes"]).click()
    page.reload()
    speak(page)
    until(page, "started.length", 1)
    page.get_by_text(TEXTS["about"]).click()
    page.get_by_role("button", name=TEXTS["withdraw"]).click()
    status(page).to_have_text(TEXTS["withdrawn"])
    speak(page)
    expect(page.get_by_role("dialog", name=TEXTS["consent"])).to_be_visible()


@pytest.mark.parametrize(
    ("here", "text", "local"), [("available", "consent_here", True), ("downloadable", "consent_away", None)]
)
def test_a_browser_that_understands_dutch_by_itself_sends_nothing(
    visitors: Visitors, here: str, text: str, local: bool | None
) -> None:
    page = talking(visitors, EARS, AVAILABLE % (here, "available"))
    speak(page)
    expect(page.locator("#speech dialog")).to_contain_text(TEXTS[text])
    page.get_by_role("button", name=TEXTS["consent_yes"]).click()
    until(page, "started.length", 1)
    assert page.evaluate("started[0].processLocally ?? null") is local


def test_when_listening_fails_there_is_one_sentence(visitors: Visitors) -> None:
    page = talking(visitors, EARS, "window.refuses = 'not-allowed';")
    speak(page)
    page.get_by_role("button", name=TEXTS["consent_yes"]).click()
    status(page).to_have_text(TEXTS["errors"]["not-allowed"])
    told = {
        "service-not-allowed": "not-allowed",
        "no-speech": "no-speech",
        "network": "network",
        "bad-grammar": "other",
    }
    for error, key in told.items():
        page.evaluate("(error) => { window.refuses = error; }", error)
        speak(page)
        status(page).to_have_text(TEXTS["errors"][key])
    page.locator("#text").fill("Typen kan altijd")


def test_lines_are_read_aloud_when_asked_by_a_voice_of_this_device(visitors: Visitors) -> None:
    page = talking(visitors, voices(), EARS)
    aloud = page.get_by_role("button", name=TEXTS["aloud"])
    say(page, GOAL)
    assert not [s for s in page.evaluate("spoken") if s != "silence"]
    aloud.click()
    expect(aloud).to_have_attribute("aria-pressed", "true")
    axe(page, "read aloud")
    say(page, "Hoe bent u zelf in dit werk gekomen?")
    line = lines(page).last.locator("p").last.inner_text()
    assert page.evaluate("spoken").count(f"Hier: {line}") == 1
    page.reload()
    expect(page.get_by_role("button", name=TEXTS["aloud"])).to_have_attribute("aria-pressed", "true")
    expect(lines(page)).to_have_count(3)
    assert page.evaluate("spoken") == []  # what was said before is not said again
    page.get_by_role("button", name=TEXTS["aloud"]).click()
    assert page.evaluate("spoken") == ["silence"]


def test_a_belgian_voice_is_dutch_too(visitors: Visitors) -> None:
    page = talking(visitors, voices("voices.filter((v) => v.name !== 'Hier')"))
    page.get_by_role("button", name=TEXTS["aloud"]).click()
    say(page, GOAL)
    assert page.evaluate("spoken").pop().startswith("Vlaams: ")


def test_voices_that_come_later_are_found(visitors: Visitors) -> None:
    page = talking(visitors, voices("window.late ? voices : []"))
    aloud = page.get_by_role("button", name=TEXTS["aloud"])
    expect(aloud).to_be_hidden()
    page.evaluate("late = true; speechSynthesis.dispatchEvent(new Event('voiceschanged'))")
    expect(aloud).to_be_visible()


NOTHING = """
for (const name of ["speechSynthesis", "SpeechRecognition", "webkitSpeechRecognition"])
  Object.defineProperty(window, name, { value: undefined });
"""


@pytest.mark.parametrize(
    "scripts",
    [
        (NOTHING,),
        (EARS, AVAILABLE % ("unavailable", "unavailable"), voices("voices.filter((v) => !v.localService)")),
        (EARS, AVAILABLE % ("unavailable", "unavailable"), voices("voices.slice(3)")),
    ],
)
def test_where_there_is_no_dutch_the_page_says_why_and_works(visitors: Visitors, scripts: tuple[str, ...]) -> None:
    page = talking(visitors, *scripts)
    expect(page.get_by_role("button", name=TEXTS["speak"])).to_be_hidden()
    expect(page.get_by_role("button", name=TEXTS["aloud"])).to_be_hidden()
    page.get_by_text(TEXTS["about"]).click()
    expect(page.locator("#speech .about")).to_contain_text(TEXTS["no_speak"])
    expect(page.locator("#speech .about")).to_contain_text(TEXTS["no_aloud"])
    axe(page, "speech explained")
    shoot(page, "speech-absent")
    say(page, GOAL)


def test_speech_by_keyboard(visitors: Visitors) -> None:
    page = talking(visitors, EARS, voices())
    page.get_by_role("button", name=TEXTS["speak"]).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=TEXTS["consent_yes"])).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=TEXTS["stop"])).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name=TEXTS["aloud"])).to_have_attribute("aria-pressed", "true")
