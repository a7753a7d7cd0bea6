"""Whether a connection to the gateway works."""

from __future__ import annotations

from bot.discord.app.gateway_status import SILENCE, GatewayStatus
from tests.conftest import Clock


def problem_of(gateway: GatewayStatus) -> str | None:
    return gateway.problem


def test_a_connection_works_from_its_session_until_it_is_lost(clock: Clock) -> None:
    """Frames before the session do not make it work."""
    gateway = GatewayStatus(clock)
    gateway.heard()
    assert problem_of(gateway) == "not connected yet"
    gateway.started()
    assert problem_of(gateway) is None
    gateway.lost("closed with code 4000")
    gateway.heard()
    assert problem_of(gateway) == "not connected: closed with code 4000"


def test_a_connection_without_heartbeats_is_dead(clock: Clock) -> None:
    """Though nobody has closed it."""
    gateway = GatewayStatus(clock)
    gateway.started()
    clock.now += SILENCE
    assert problem_of(gateway) is None
    clock.now += 1
    assert problem_of(gateway) == f"no heartbeat for {SILENCE + 1:.0f} seconds"
    gateway.heard()
    assert problem_of(gateway) is None
