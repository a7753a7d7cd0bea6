"""What is said to a bot without asking anything."""

from __future__ import annotations

import re

from bot.models import SmallTalk

_FILLERS = frozenset(
    "there bot verbatim all everyone everybody again so very much a lot you for the that".split()
)

_VOCABULARY: tuple[tuple[SmallTalk, frozenset[str]], ...] = (
    (
        SmallTalk.GREETING,
        frozenset(
            "hi hello hey heya hiya yo greetings morning evening afternoon good day howdy sup salam"
            " salaam hola bonjour ciao hallo marhaba shalom namaste مرحبا السلام عليكم سلام"
            " bye goodbye night".split()
        ),
    ),
    (
        SmallTalk.THANKS,
        frozenset(
            "thanks thank thx ty tysm cheers appreciated gracias merci danke shukran شكرا".split()
        ),
    ),
    (
        SmallTalk.REACTION,
        frozenset(
            "ok okay k lol lmao rofl haha hahaha hehe cool nice great wow awesome perfect"
            " interesting yes no yeah yep nope sure right hmm hm oh ah ha".split()
        ),
    ),
)

_ABOUT = re.compile(
    r"(?:help|commands?|who are you|what are you|what is this|how are you(?: doing)?"
    r"|how do(?:es)? (?:you|this|it) work|what (?:can|do) you (?:do|know)"
    r"|what can i ask(?: you)?(?: about)?|how do i use (?:you|this))"
)
_CONTEXT = re.compile(
    r"(?:(?:the )?(?:source|context)|in context|show (?:me )?the (?:source|context)"
    r"|(?:what(?: is|['’]?s) the |your )(?:source|context)"
    r"|where(?: is|['’]?s) (?:that|this|it) from|where does (?:that|this|it) come from"
    r"|who said (?:that|this|it))(?: please| pls| plz)?"
    r"|(?:(?:cu[aá]l es )?la )?fuente(?: por favor)?|(?:en )?contexto|de d[oó]nde (?:es|sale|viene)(?: eso| esto)?"
    r"|(?:ما )?(?:ال)?مصدر(?: من فضلك)?|(?:في )?السياق|من (?:أين|اين) هذا"
)
_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LONGEST = 6


def small_talk(text: str) -> SmallTalk | None:
    """Return what kind of small talk `text` is, or None when it may be a question."""
    words = [word.lower() for word in _WORDS.findall(text)]
    if not words:
        return SmallTalk.EMPTY
    if _ABOUT.fullmatch(" ".join(words)):
        return SmallTalk.ABOUT
    if len(words) > _LONGEST:
        return None
    for kind, vocabulary in _VOCABULARY:
        if any(w in vocabulary for w in words) and all(w in vocabulary | _FILLERS for w in words):
            return kind
    return None


def asks_for_context(text: str) -> bool:
    """Return whether `text`, said under a quote, asks for nothing but where it stands."""
    words = [word.lower() for word in _WORDS.findall(text)]
    return len(words) <= _LONGEST and _CONTEXT.fullmatch(" ".join(words)) is not None
