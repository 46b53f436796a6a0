"""What somebody who practises gets of his coach on the page: the group, the exercises, the remarks."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.harness import axe, shoot
from tests.e2e.servers import Servers
from tests.talks import coach, held
from weerwoord.messages import section
from weerwoord.store import Store
from weerwoord.web.common import COOKIE

T = section("web")["guidance"]


def test_join_a_group_see_the_exercises_and_read_a_remark(page: Page, servers: Servers) -> None:
    kept = Store(f"sqlite:///{servers.database}")
    name = f"Els {page.viewport_size}"
    els = coach(kept, name)
    kept.groups.create(els, "Maandag")
    (mine,) = kept.groups.of(els)
    kept.groups.set_exercise(els, mine.id, "ruud", "mistaken", "goal", 4e9)
    page.goto("/")
    box = page.locator("#guidance")
    box.get_by_label(T["code"]).fill(mine.code.lower())
    axe(page, "group code")
    box.get_by_role("button", name=T["join"]).click()
    expect(box.get_by_text(T["joined"].replace("{name}", "Maandag"))).to_be_focused()
    expect(box.get_by_role("listitem")).to_contain_text("Ruud Vermeulen")
    axe(page, "exercises")
    shoot(page, "guidance", full=True)

    sender = next(c["value"] for c in page.context.cookies() if c["name"] == COOKIE)
    key = held(kept, sender)
    with kept.database.writing() as connection:
        kept.people.set_consent(connection, sender, True)
    kept.reviews.remark(els, key, 1, "Sterk <b>begin</b>!")
    kept.talks.keep(sender, "rest", [{"stopped": True}])
    page.goto(f"/#nabespreking-{key}")
    page.reload()
    remarks = page.locator("#remarks")
    expect(remarks).to_contain_text("Sterk <b>begin</b>!")
    expect(remarks).to_contain_text("Ik kom niet solliciteren")
    axe(page, "remarks")

    page.goto("/#start")
    page.get_by_role("button", name=T["leave"]).click()
    expect(box.get_by_label(T["code"])).to_be_focused()
    assert kept.groups.of_person(sender) is None
    kept.database.engine.dispose()
