"""Log in and out."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from weerwoord.messages import message
from weerwoord.passwords import MAX_LENGTH
from weerwoord.store import Store
from weerwoord.store.coaches import TooManyAttemptsError
from weerwoord.web.coach.visit import COOKIE, HOME, LOGIN, Form, Site, Visit, csrf, inside, new_token, with_token


class Login:
    """The pages before the site."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def routes(self) -> list[Route]:
        """The paths."""
        return [
            Route(LOGIN, self._site.outside(self._log_in), methods=["GET", "POST"]),
            Route(f"{HOME}/uitloggen", self._site.inside(self._log_out), methods=["POST"]),
            Route(f"{HOME}/uitloggen-overal", self._site.inside(self._log_out_everywhere), methods=["POST"]),
        ]

    def _log_in(self, request: Request, kept: Store, form: Form) -> Response:
        if not kept.coaches.any():
            return self._site.render("nobody", request)
        to = inside(next(iter(form.get("next", ())), ""))
        if request.method == "GET":
            return self._page(request, to)
        name, password = (next(iter(form.get(field, ())), "") for field in ("name", "password"))
        address = request.client.host if request.client else ""
        try:
            token = kept.coaches.log_in(name, password[:MAX_LENGTH], address)
        except TooManyAttemptsError:
            return self._page(request, to, 429, "too_often", name)
        if token is None:
            return self._page(request, to, 403, "wrong", name)
        old = kept.coaches.session(request.cookies.get(COOKIE, ""))
        if old is not None:  # who logs in anew leaves no session behind
            kept.coaches.log_out(old)
        return with_token(request, RedirectResponse(to, 303), token)

    def _page(self, request: Request, to: str, status: int = 200, wrong: str = "", name: str = "") -> Response:
        token = request.cookies.get(COOKIE) or new_token()
        text = message(f"coach.login.{wrong}") if wrong else ""
        page = self._site.render("login", request, status, csrf=csrf(token), next=to, wrong=text, name=name)
        return with_token(request, page, token)

    def _log_out(self, visit: Visit) -> Response:
        return self._leave(visit, everywhere=False)

    def _log_out_everywhere(self, visit: Visit) -> Response:
        return self._leave(visit, everywhere=True)

    def _leave(self, visit: Visit, everywhere: bool) -> Response:
        visit.kept.coaches.log_out(visit.session, everywhere)
        response = RedirectResponse(LOGIN, 303)
        response.delete_cookie(COOKIE, path=HOME, httponly=True, samesite="strict")
        return response
