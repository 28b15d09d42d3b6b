"""How many requests are answered: of one address, and of all together.

Asking, judging and sharing count as questions; everything else that is worked out counts as pages, of which there may
be five times as many. Static files and probes are free. Addresses are not kept: what is counted is a digest that nobody
can turn back without the server's key, and it is forgotten with its minute.
"""

from __future__ import annotations

import hashlib
import logging
import math
import secrets
import time
from ipaddress import IPv6Address, ip_address

from flask import Flask
from limits import RateLimitItem, parse
from limits.errors import ConfigurationError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from webapp.settings import Settings, SettingsError
from webapp.web import here
from webapp.web.problems import TooManyRequests
from webapp.web.security import SAFE_METHODS

logger = logging.getLogger(__name__)

USUAL = "120/minute"
"""What is answered to one address where the operator has said nothing."""
OFF = "off"
PAGES = 5
"""How many pages may be read for each question."""
FREE = frozenset({"static.file", "health.alive", "health.ready", "metrics.metrics", "kiosk.heartbeat"})
SUBSCRIBER_BITS = 64
"""The part of an IPv6 address that one subscriber has to themselves is left out."""
HERE = frozenset({"127.0.0.1", "::1"})
"""How this machine mostly calls itself; it has more addresses."""
SILENT_SECONDS = 60
"""How often it is told that the shared storage is away."""
STORAGE_SECONDS = 0.25
"""How long a visitor may have to wait for the shared storage."""
AWAY_SECONDS = 5
"""How long a storage that did not answer is left alone: only the first visitor waits for it."""


def register(app: Flask, settings: Settings) -> None:
    """Refuse what is too much, before anything is worked out.

    Raises:
        SettingsError: the storage cannot be used.
    """
    limits = RateLimits(settings, app.config["SECRET_KEY"])

    @app.before_request
    def limit() -> None:
        request = here.request()
        if request.endpoint in FREE:
            return
        wait = limits.wait_seconds(
            request.remote_addr,
            asks=request.method not in SAFE_METHODS,
            # Whoever reaches an inner proxy, or this server, past an outer one may say to be this machine.
            forwarded=settings.proxies > 0 and "X-Forwarded-For" in request.headers,
        )
        if wait:
            raise TooManyRequests(wait)


class RateLimits:
    """Counts requests in windows of time.

    Args:
        settings: how many are answered, and where they are counted.
        key: turns addresses into digests.

    Raises:
        SettingsError: the storage cannot be used.
    """

    def __init__(self, settings: Settings, key: str) -> None:
        said = settings.ratelimit_client or USUAL
        self._questions = _limit(said)
        self._pages = _limit(said, PAGES)
        self._together = _limit(settings.ratelimit_global or OFF)
        self._here_too = bool(settings.ratelimit_client)
        self._key = hashlib.sha256(f"rate limits {key or secrets.token_hex()}".encode()).digest()
        self._local = FixedWindowRateLimiter(MemoryStorage())
        self._shared = FixedWindowRateLimiter(storage_of(settings))
        self._told = self._away_until = -math.inf

    def wait_seconds(self, address: str | None, *, asks: bool, forwarded: bool = False) -> int:
        """Count one request; return how long its sender has to wait, 0 when it is answered.

        Args:
            address: where it comes from; None when that is not known.
            asks: whether it is a question, or a page that is read.
            forwarded: whether a stated proxy passed it on, so that it does not come from this machine.
        """
        limit = self._questions if asks else self._pages
        if limit is not None and (self._here_too or forwarded or not _is_here(address)):
            wait = self._hit(limit, self._digest(address), "questions" if asks else "pages")
            if wait:
                return wait
        if asks and self._together is not None:
            return self._hit(self._together, "all", "questions")
        return 0

    def _hit(self, limit: RateLimitItem, *names: str) -> int:
        if time.monotonic() < self._away_until:
            return _wait(self._local, limit, names)
        try:
            return _wait(self._shared, limit, names)
        except Exception as error:
            # Whatever a storage raises: visitors must not suffer from it.
            now = time.monotonic()
            self._away_until = now + AWAY_SECONDS
            if now - self._told > SILENT_SECONDS:
                self._told = now
                logger.warning("rate limits are counted in each process alone, their storage is away: %s", error)
            return _wait(self._local, limit, names)

    def _digest(self, address: str | None) -> str:
        return hashlib.blake2b(_subscriber(address).encode(), key=self._key, digest_size=12).hexdigest()


def _wait(limiter: FixedWindowRateLimiter, limit: RateLimitItem, names: tuple[str, ...]) -> int:
    if limiter.hit(limit, *names):
        return 0
    wait = limiter.get_window_stats(limit, *names).reset_time - time.time()
    if wait > limit.get_expiry() + 1:
        # The clock was set back: that window began in what is the future now, and would not end for as long.
        limiter.clear(limit, *names)
        limiter.hit(limit, *names)
        return 0
    return max(1, math.ceil(wait))


def _limit(said: str, times: int = 1) -> RateLimitItem | None:
    if said == OFF:
        return None
    amount, _, period = said.partition("/")
    return parse(f"{int(amount) * times}/{period}")


def storage_of(settings: Settings) -> Storage:
    """Return where requests are counted; it need not answer yet.

    Raises:
        SettingsError: there is none of that name, or what it takes is not installed.
    """
    url = settings.ratelimit_storage_url
    patience = {"socket_timeout": STORAGE_SECONDS, "socket_connect_timeout": STORAGE_SECONDS}
    options: dict[str, float] = {} if url.startswith("memory:") else patience
    try:
        # None of the URLs that settings let through is async.
        return storage_from_string(url, **options)  # type: ignore[return-value]
    except ConfigurationError as error:
        raise SettingsError(f"NEWSSTAND_RATELIMIT_STORAGE_URL cannot be used: {error}") from error
    except ModuleNotFoundError as error:
        raise SettingsError(f"{error.name} is missing: pip install 'newsstand[redis]'.") from error


def _is_here(address: str | None) -> bool:
    """Tell whether a request comes from this machine, or from a proxy here that the operator did not tell of."""
    if address in HERE:
        return True
    try:
        return not address or ip_address(address).is_loopback
    except ValueError:
        return False


def _subscriber(address: str | None) -> str:
    """Return the address, of IPv6 only the part that tells subscribers from each other."""
    try:
        known = ip_address(address or "")
    except ValueError:
        return address or ""
    if isinstance(known, IPv6Address):
        return str(known.ipv4_mapped or int(known) >> (known.max_prefixlen - SUBSCRIBER_BITS))
    return str(known)
