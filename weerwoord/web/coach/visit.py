"""A request to the coach site: who makes it, what was sent, and the page that answers it."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlencode

from anyio import to_thread
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from weerwoord.messages import message, section
from weerwoord.rubric import VERDICTS, rubric
from weerwoord.scenario import PRONOUNS, scenarios
from weerwoord.store import Store, StoreError
from weerwoord.store.coaches import LONGEST, Coach, Session
from weerwoord.store.reviews import MAX_REMARK
from weerwoord.web.assets import assets
from weerwoord.web.common import HERE

HOME = "/coach"
LOGIN = f"{HOME}/inloggen"
COOKIE = "weerwoord_coach"
MAX_BODY = 64 * 1024  # bytes of a form
MAX_FIELDS = 200
MAX_FIELD = 8000  # characters
HTMX = "HX-Request"

Form = Mapping[str, list[str]]
Endpoint = Callable[[Request], Awaitable[Response]]

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
# where a log-in may lead: a page of this site, whatever was put behind the address
_INSIDE = re.compile(r"/coach(?:/[A-Za-z0-9_-]+)*(?:\?[A-Za-z0-9_.~%=&+-]*)?")


class Trouble(Exception):
    """A request that is answered with one sentence.

    Args:
        status: HTTP status.
        key: of the sentence, under `coach.trouble` in the messages file.
    """

    def __init__(self, status: int, key: str) -> None:
        super().__init__(key)
        self.status = status
        self.key = key


def inside(address: str) -> str:
    """The address when it is a page of the coach site, else its first page."""
    return address if _INSIDE.fullmatch(address) else HOME


def csrf(token: str) -> str:
    """What a form has to send along; known only to who has the cookie."""
    return hashlib.sha256(f"csrf {token}".encode()).hexdigest()


def cleaned(text: str) -> str:
    """Without control characters and halves of characters, and not endless."""
    text = text.replace("\r\n", "\n")[:MAX_FIELD]
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()


def fields(query: str) -> Form:
    """The fields of a form or of an address."""
    try:
        found = parse_qs(query, errors="replace", max_num_fields=MAX_FIELDS)
    except ValueError:
        raise Trouble(400, "refused") from None
    return {name: [cleaned(value) for value in values] for name, values in found.items()}


@dataclass(frozen=True)
class Visit:
    """A request of a coach who is logged in.

    Attributes:
        request: as it came.
        session: who it is.
        kept: the store.
        form: the fields that were sent; those in the address when it is no form.
    """

    request: Request
    session: Session
    kept: Store
    form: Form

    @property
    def coach(self) -> Coach:
        """Who it is."""
        return self.session.coach

    @property
    def is_partial(self) -> bool:
        """Whether the page asks for a part of itself."""
        return HTMX in self.request.headers

    def field(self, name: str) -> str:
        """A field that was sent, "" when it was not."""
        return next(iter(self.form.get(name, ())), "")

    def name(self, name: str) -> str:
        """A key or pseudonym in the path.

        Raises:
            Trouble: there cannot be anything of this name.
        """
        value = str(self.request.path_params[name])
        if not _NAME.fullmatch(value):
            raise Trouble(404, "not_found")
        return value

    def number(self, name: str) -> int:
        """A number in the path.

        Raises:
            Trouble: there cannot be anything of this number.
        """
        number = int(self.request.path_params[name])
        if number >= 2**31:
            raise Trouble(404, "not_found")
        return number


class Site:
    """The pages of the coach site.

    Args:
        kept: gives the store; opened when first asked for.
    """

    def __init__(self, kept: Callable[[], Store]) -> None:
        self._kept = kept
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(day=_day, moment=_moment)

    def render(self, template: str, request: Request, status: int = 200, **values: Any) -> HTMLResponse:
        """A page.

        Args:
            template: name of the file in `templates/coach`, without its suffix.
            request: what it answers.
            status: HTTP status.
            values: for the template.
        """
        everywhere = {
            "t": section("coach"),
            "rubric": rubric(),
            "verdicts": VERDICTS,
            "words": PRONOUNS["hij"],
            "partners": scenarios(),
            "path": request.url.path,
            "home": HOME,
            "base": assets().base,
            "max_remark": MAX_REMARK,
            "session": None,
        }
        text = self._templates.get_template(f"coach/{template}.html").render({**everywhere, **values})
        return HTMLResponse(text, status_code=status)

    def page(self, visit: Visit, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page for a coach who is logged in."""
        mine = {"session": visit.session, "csrf": csrf(visit.session.token)}
        return self.render(template, visit.request, status, **mine, **values)

    def inside(self, work: Callable[[Visit], Response]) -> Endpoint:
        """The endpoint of work that needs a coach who is logged in."""
        return partial(self._answer, work=partial(self._inside, work))

    def outside(self, work: Callable[[Request, Store, Form], Response]) -> Endpoint:
        """The endpoint of work for who is not logged in; a form of it needs the cookie that came with its page."""
        return partial(self._answer, work=partial(self._outside, work))

    async def _answer(self, request: Request, work: Callable[[Request, Form], Response]) -> Response:
        form: Form = {}
        try:
            form = fields(await _body(request) if request.method == "POST" else request.url.query)
            return await to_thread.run_sync(work, request, form)
        except Trouble as trouble:
            return self._trouble(request, trouble.status, trouble.key, form)
        except StoreError:
            return self._trouble(request, 503, "away", form)

    def _trouble(self, request: Request, status: int, key: str, form: Form) -> Response:
        """What went wrong; what was typed is not lost, because it can be copied from this page."""
        typed = next(iter(form.get("text", ())), "")
        return self.render("trouble", request, status, text=message(f"coach.trouble.{key}"), typed=typed)

    def _inside(self, work: Callable[[Visit], Response], request: Request, form: Form) -> Response:
        kept = self._kept()
        token = request.cookies.get(COOKIE, "")
        session = kept.coaches.session(token) if token else None
        if session is None:
            return self._not_logged_in(request, kept, form)
        _check_form(request, form, token)
        return work(Visit(request, session, kept, form))

    def _not_logged_in(self, request: Request, kept: Store, form: Form) -> Response:
        if not kept.coaches.any():
            return self.render("nobody", request)
        if request.method == "POST":
            raise Trouble(403, "too_long_away")
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        to = f"{LOGIN}?{urlencode({'next': back})}" if back != HOME else LOGIN
        if HTMX in request.headers:
            return Response(headers={"HX-Redirect": to})
        return RedirectResponse(to, 303)

    def _outside(self, work: Callable[[Request, Store, Form], Response], request: Request, form: Form) -> Response:
        _check_form(request, form, request.cookies.get(COOKIE, ""))
        return work(request, self._kept(), form)


def new_token() -> str:
    """A secret for a cookie of somebody who is not logged in yet."""
    return secrets.token_urlsafe(32)


def with_token(request: Request, response: Response, token: str) -> Response:
    """The response with the cookie that says who this is."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(LONGEST),
        path=HOME,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return response


async def _body(request: Request) -> str:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Trouble(415, "refused")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY:
            raise Trouble(413, "too_big")
    return body.decode("utf-8", "replace")


def _check_form(request: Request, form: Form, token: str) -> None:
    if request.method != "POST":
        return
    sent = next(iter(form.get("csrf", ())), "")
    if not token or not hmac.compare_digest(sent.encode(), csrf(token).encode()):
        raise Trouble(403, "old_form")


def _day(seconds: float) -> str:
    """A day as people here write it, such as 3 mei 2026, in the time of this machine."""
    at = datetime.fromtimestamp(seconds)
    return message("coach.day", day=at.day, month=section("coach")["months"][at.month - 1], year=at.year)


def _moment(seconds: float) -> str:
    return message("coach.moment", day=_day(seconds), time=datetime.fromtimestamp(seconds).strftime("%H:%M"))
