"""A schedule of daily passages in words."""

from __future__ import annotations

from bot.discord.daily.wording import DailyWording
from bot.discord.kit import markdown
from bot.discord.kit.service import Service
from bot.storage.daily import DailySchedule


def clock(minute: int) -> str:
    """A time of day, counted in minutes from midnight."""
    return f"{minute // 60:02}:{minute % 60:02}"


def schedule_line(schedule: DailySchedule, service: Service, own: DailyWording) -> str:
    """A schedule with all its settings, and when the next passage comes, or why none does."""
    plan = schedule.plan
    text = own.ALL_TEXTS
    if plan.source is not None:
        source = service.snapshot.sources.get(plan.source)
        text = markdown.escape(own.from_text(source or plan.source))
    line = own.schedule(
        f"<#{plan.channel}>",
        clock(plan.minute),
        plan.zone.replace("_", r"\_"),
        text,
        own.IN_ORDER if plan.in_order else own.AT_RANDOM,
    )
    if plan.role is not None:
        line = f"{line}, {own.mentions(f'<@&{plan.role}>')}"
    if schedule.paused is not None:
        return f"{line}. {own.paused(schedule.paused)}"
    return f"{line}. {own.next(f'<t:{int(schedule.due_at.timestamp())}:f>')}"
