"""Which web addresses may be fetched: allowed by the operator, and of no machine of a private network."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

from bot.errors import Problem, VerbatimError

_LONGEST_ADDRESS = 2_000
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*")
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]")
_TRANSLATED = {6: ipaddress.ip_network("64:ff9b::/96"), 4: ipaddress.ip_network("192.88.99.0/24")}


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to a machine on the public internet."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            return is_public(str(inner))
    special = (
        found.is_multicast
        or found.is_reserved
        or found.is_unspecified
        or found in _TRANSLATED[found.version]
    )
    return found.is_global and not special


def is_allowed(host: str, allowed: Iterable[str]) -> bool:
    """Tell whether an operator's list has `host`: by its name, by `*.example.org` (all below it), or by `*` (all)."""
    for entry in (one.strip().lower().rstrip(".") for one in allowed):
        if entry in ("*", host) or (entry.startswith("*.") and host.endswith(entry[1:])):
            return True
    return False


def check_address(address: str, url: str, allowed: Iterable[str], own_port: int) -> SplitResult:
    """Divide `address` into its parts, ready to be sent; `url` is what somebody gave, and led to it.

    Raises:
        VerbatimError: it is not a web address, or must not be fetched.

    """
    if len(address) > _LONGEST_ADDRESS or _UNSAFE.search(address):
        raise address_problem(
            url,
            "is not a web address: it has spaces or other characters that none has, or is too long",
        )
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".").encode("idna").decode().lower()
        port = parts.port
    except ValueError as error:
        raise address_problem(
            url, "is not a web address: it must begin with https:// and a name"
        ) from error
    leads = "" if address == url else f" (it leads to {address[:200]})"
    if parts.scheme.lower() != "https":
        raise address_problem(
            url, f"is not fetched{leads}: only addresses that begin with https:// are"
        )
    if parts.username is not None or parts.password is not None or port not in (None, own_port):
        raise address_problem(
            url, f"is not fetched{leads}: leave out what is before the @, and the port"
        )
    if not host or not (_HOST.fullmatch(host) or ":" in host):
        raise address_problem(url, "is not a web address: it must begin with https:// and a name")
    if not is_allowed(host, allowed):
        raise address_problem(
            url,
            f"is not fetched{leads}: the operator does not allow {host} (imports.hosts in the config)",
        )
    netloc = f"[{host}]" if ":" in host else host
    return SplitResult("https", netloc, _encoded(parts.path), _encoded(parts.query), parts.fragment)


def _encoded(part: str) -> str:
    """A path or query with its letters beyond ASCII as UTF-8 in percent codes; what is encoded already stays."""
    return "".join(
        c if c.isascii() else "".join(f"%{byte:02X}" for byte in c.encode()) for c in part
    )


def address_problem(url: str, reason: str) -> VerbatimError:
    """An error about `url`, which is shown without signs that cannot be, and not too long."""
    shown = "".join(c if c.isprintable() else "�" for c in url)
    return VerbatimError(Problem(shown if len(shown) <= 200 else shown[:199] + "…", reason))
