"""Into the site comes who has the password, and nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.applications import Starlette

from tests.talks import coach
from tests.unit.coach.conftest import PASSWORD, Coaching
from weerwoord.messages import message
from weerwoord.store import Store
from weerwoord.store.coaches import MAX_OF_ACCOUNT
from weerwoord.web.coach.visit import COOKIE, csrf

PAGES = ["/coach", "/coach/groepen", "/coach/inzage", "/coach/gesprek/x", "/coach/groep/1", "/coach/persoon/X"]


@pytest.mark.parametrize("path", [*PAGES, "/coach/inloggen"])
def test_without_an_account_every_page_tells_how_to_make_one(someone: Coaching, path: str) -> None:
    page = someone.get(path)
    assert page.status_code == 200 and "weerwoord coach add" in page.text


@pytest.mark.parametrize("path", [*PAGES, "/coach/nothing", "/coach/export/csv", "/coach/gesprek/x/export/csv"])
def test_every_page_needs_a_log_in_and_comes_back_after_it(someone: Coaching, kept: Store, path: str) -> None:
    coach(kept, "Els")
    away = someone.get(path)
    assert away.status_code == 303 and away.headers["location"].startswith("/coach/inloggen")
    page = someone.get(away.headers["location"])
    assert page.status_code == 200 and f'name="next" value="{path}"' in page.text


def test_a_session_has_a_cookie_that_scripts_and_other_sites_do_not_get(app: Starlette, kept: Store) -> None:
    coach(kept, "Els")
    for base, secure in (("http://testserver", False), ("https://testserver", True)):
        entered = Coaching(app, base_url=base).log_in("Els")
        cookie = entered.headers["set-cookie"].lower()
        assert entered.status_code == 303 and entered.headers["location"] == "/coach"
        assert "httponly" in cookie and "samesite=strict" in cookie and "path=/coach" in cookie
        assert ("secure" in cookie) is secure


def test_a_session_from_before_the_log_in_is_not_taken_over(someone: Coaching, kept: Store) -> None:
    coach(kept, "Els")
    planted = "planted-by-somebody-else"
    someone.http.cookies.set(COOKIE, planted, path="/coach")
    sent = {"csrf": csrf(planted), "name": "Els", "password": PASSWORD}
    entered = someone.http.post("/coach/inloggen", data=sent)
    assert entered.status_code == 303 and planted not in entered.headers["set-cookie"]
    assert kept.coaches.session(planted) is None


def test_who_logs_in_again_leaves_no_session_behind(logged_in: Callable[[str], Coaching], kept: Store) -> None:
    els = logged_in("Els")
    old = els.http.cookies[COOKIE]
    els.log_in("Els")
    assert els.http.cookies[COOKIE] != old and kept.coaches.session(old) is None


def test_a_wrong_name_and_a_wrong_password_look_the_same(someone: Coaching, kept: Store) -> None:
    coach(kept, "Els")
    wrong = [someone.log_in(name, "wrong wrong wrong") for name in ("Els", "Bert")]
    pages = {page.text.replace("Els", "X").replace("Bert", "X") for page in wrong}
    assert [page.status_code for page in wrong] == [403, 403] and len(pages) == 1
    assert message("coach.login.wrong") in pages.pop()


def test_guessing_is_stopped(someone: Coaching, kept: Store) -> None:
    coach(kept, "Els")
    for _ in range(MAX_OF_ACCOUNT):
        assert someone.log_in("Els", "wrong").status_code == 403
    stopped = someone.log_in("Els")
    assert stopped.status_code == 429 and message("coach.login.too_often") in stopped.text


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "/coach//evil.example",
    "/coach/../../x",
    "/coachevil",
    "javascript:alert(1)",
    "/coach/x\nSet-Cookie: a=b",
    "/coach?next=https://evil.example",
    "/",
    "",
]


@pytest.mark.parametrize("next_", ELSEWHERE)
def test_a_log_in_leads_to_this_site_only(someone: Coaching, kept: Store, next_: str) -> None:
    coach(kept, "Els")
    assert someone.log_in("Els", next=next_).headers["location"] == "/coach"


def test_a_log_in_leads_back_to_where_one_was(someone: Coaching, kept: Store) -> None:
    coach(kept, "Els")
    there = "/coach/gesprek/a-B_9?zoek=caf%C3%A9+x"
    assert someone.log_in("Els", next=there).headers["location"] == there


def test_log_out_and_log_out_everywhere(app: Starlette, logged_in: Callable[[str], Coaching]) -> None:
    here, there = logged_in("Els"), Coaching(app)
    there.log_in("Els")
    assert here.post("/coach/uitloggen").status_code == 303
    assert here.get("/coach").status_code == 303 and there.get("/coach").status_code == 200
    here.log_in("Els")
    here.post("/coach/uitloggen-overal")
    assert here.get("/coach").status_code == 303 and there.get("/coach").status_code == 303


POSTS = [
    "/coach/inloggen",
    "/coach/uitloggen",
    "/coach/uitloggen-overal",
    "/coach/namen",
    "/coach/groepen",
    "/coach/groep/1/oefening",
    "/coach/groep/1/collega",
    "/coach/groep/1/verlaten",
    "/coach/gesprek/x/beurt/1/oordeel",
    "/coach/gesprek/x/beurt/1/opmerking",
]


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("token", ["", "wrong", "é", csrf("of somebody else")])
def test_a_form_of_another_site_does_nothing(logged_in: Callable[[str], Coaching], path: str, token: str) -> None:
    els = logged_in("Els")
    refused = els.http.post(path, data={"csrf": token, "name": "Els", "password": PASSWORD})
    assert refused.status_code == 403 and message("coach.trouble.old_form") in refused.text
    assert els.get("/coach").status_code == 200 and "location" not in refused.headers


def test_what_was_typed_too_late_can_be_copied(logged_in: Callable[[str], Coaching], kept: Store) -> None:
    els = logged_in("Els")
    token = els.csrf("/coach")
    session = kept.coaches.session(els.http.cookies[COOKIE])
    assert session is not None
    kept.coaches.log_out(session)
    late = els.http.post("/coach/gesprek/x/beurt/1/opmerking", data={"csrf": token, "text": "Een <lang> verhaal."})
    assert late.status_code == 403 and "Een &lt;lang&gt; verhaal." in late.text


def test_every_page_has_the_strict_policy(someone: Coaching) -> None:
    policy = someone.get("/coach").headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
