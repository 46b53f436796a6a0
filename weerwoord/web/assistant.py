"""Rasa as the web app knows it: one or more assistants over HTTP, of which each can answer for another."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import httpx

from weerwoord import metrics

ANSWER_TIME = 30.0  # seconds
CONNECT_TIME = 2.0  # seconds
TRIES = 2  # at least: a connection that was kept open may have been closed in the meantime
REST = 5.0  # seconds in which an assistant that was away is asked last
# what an assistant tells of itself, and the sentence for it (`web.errors` in the messages file)
_TOLD = {"store": "not_kept", "busy": "busy", "failed": "ours"}

_log = logging.getLogger(__name__)


class AssistantAwayError(Exception):
    """No assistant answers, or not as it should.

    Args:
        key: of the sentence in the messages file.
    """

    def __init__(self, key: str = "away") -> None:
        super().__init__(key)
        self.key = key


class Assistant:
    """Rasa, reached over HTTP.

    A conversation goes to the same assistant as long as that one answers, which then need not read it again. When it
    does not, the next is asked; a message carries an id, so that it is answered once all the same.

    Args:
        urls: where they listen.
        transport: what to use instead of the network, for tests.
    """

    def __init__(self, urls: Sequence[str], transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._urls = tuple(urls)
        self._away_until: dict[str, float] = {}
        # trust_env off: a proxy of the machine has no business between two parts of this program
        self._http = httpx.AsyncClient(
            transport=transport,
            timeout=httpx.Timeout(ANSWER_TIME, connect=CONNECT_TIME),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=100),
            trust_env=False,
        )

    async def send(self, sender: str, text: str, key: str) -> list[Any]:
        """Send a message and wait for the replies.

        Args:
            sender: whose conversation.
            text: the message or payload.
            key: id of the message; kept with it, so that it is known when it is sent again.

        Raises:
            AssistantAwayError: no answer that can be used.
        """
        body = {"sender": sender, "message": text, "metadata": {"id": key}}
        answer = await self._ask(sender, "POST", "/webhooks/rest/webhook", json=body)
        if not isinstance(answer, list):
            raise AssistantAwayError
        return answer

    async def events(self, sender: str) -> list[Any]:
        """Everything that happened in a conversation.

        Raises:
            AssistantAwayError: no answer that can be used.
        """
        answer = await self._ask(sender, "GET", f"/conversations/{sender}/tracker", params={"include_events": "ALL"})
        if not isinstance(answer, dict):
            raise AssistantAwayError
        return answer.get("events") or []

    async def answers(self) -> bool:
        """Whether one of them is there."""
        for url in self._order(""):
            try:
                if (await self._http.get(f"{url}/", timeout=CONNECT_TIME)).is_success:
                    return True
            except httpx.HTTPError:
                continue
        return False

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    def _order(self, sender: str) -> list[str]:
        """The assistants in the order in which they are asked."""
        first = hashlib.sha256(sender.encode()).digest()[0] % len(self._urls)
        rotated = [*self._urls[first:], *self._urls[:first]]
        now = time.monotonic()
        return sorted(rotated, key=lambda url: self._away_until.get(url, 0.0) > now)

    async def _ask(self, sender: str, method: str, path: str, **how: Any) -> Any:
        urls = self._order(sender)
        for url in urls * -(-TRIES // len(urls)):
            try:
                response = await self._http.request(method, url + path, **how)
            except httpx.ReadTimeout as error:
                raise self._away(url, error) from error
            except httpx.TransportError as error:
                self._away(url, error)
                continue
            return _content(response)
        raise AssistantAwayError

    def _away(self, url: str, error: Exception) -> AssistantAwayError:
        metrics.ASSISTANT_AWAY.inc()
        self._away_until[url] = time.monotonic() + REST
        _log.warning("assistant %d: %s", self._urls.index(url) + 1, type(error).__name__)
        return AssistantAwayError()


def _content(response: httpx.Response) -> Any:
    try:
        content = response.json()
    except ValueError as error:
        raise AssistantAwayError from error
    if response.is_success:
        return content
    told = content.get("error") if isinstance(content, dict) else None
    is_known = response.status_code in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INTERNAL_SERVER_ERROR)
    raise AssistantAwayError(_TOLD.get(str(told), "away") if is_known else "away")
