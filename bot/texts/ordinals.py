"""Full stops of ordinal numbers, which end no sentence: `3. maja`, `der 2. Weltkrieg`, `3. 5. 2024`."""

from __future__ import annotations

import re

_ORDINAL = re.compile(r"(?<![\d.,])\d{1,4}\.$")
_DAY = re.compile(r"(?<![\d.,])\d{1,2}\.$")
_DAY_OR_YEAR = re.compile(r"(?:\d{1,2}\.|\d{4}\b)")
_WRITE_ORDINALS = frozenset(
    "bs cs da de et eu fi fo hr hu is lb lv mk nb nn no pl sk sl sq sr tr".split()
)
"""Languages that write an ordinal number with a full stop: a small letter behind it goes on with the sentence."""

_GERMAN_ORDINAL = re.compile(
    r"\b(?:de[rmns]|die|das|am|[bv]om|beim|im|zu[mr]|jede[rmns]?|seine[rmns]?)\s\d{1,2}\.$",
    re.IGNORECASE,
)
"""A number that German, which writes nouns with a capital too, goes on from: `der 2. Weltkrieg`."""

_GERMAN_FUNCTION_WORD = re.compile(
    r"(?:ab|aber|alle|als|also|am|an|auch|auf|aus|außerdem|bei|bevor|bis|bitte|da|dabei|dadurch|dafür|dagegen|daher|damals|damit"
    r"|danach|dann|daran|darauf|daraus|darin|darüber|darum|das|dass|davon|davor|dazu|dein|deine|dem|den|denn|dennoch|der|deren"
    r"|deshalb|dessen|die|dies|diese|diesem|diesen|dieser|dieses|doch|dort|du|durch|ein|eine|einem|einen|einer|eines|er|erst"
    r"|es|euch|euer|falls|für|gegen|hat|heute|hier|hinter|ich|ihm|ihn|ihnen|ihr|ihre|im|in|ist|ja|jede|jeder|jedes|jedoch|jemand"
    r"|jetzt|kein|keine|man|manche|mein|meine|mit|morgen|nach|nachdem|nein|nicht|nichts|niemand|noch|nun|nur|ob|obwohl|oder|ohne"
    r"|schon|sei|seit|sich|sie|sind|so|sobald|solange|sollte|sondern|sonst|trotzdem|über|um|und|uns|unser|unsere|unter|viele|vom"
    r"|von|vor|vorher|während|wann|war|waren|warum|was|weil|welche|welcher|wem|wen|wenn|wer|weshalb|wie|wieder|wir|wird|wo|wurde"
    r"|wurden|zu|zuerst|zuletzt|zum|zur|zuvor|zwar|zwischen)\b",
    re.IGNORECASE,
)
"""A word that is neither noun nor name. With a capital it begins a sentence: `am 3. Danach gehen wir.`"""


def goes_on(before: str, after: str, language: str) -> bool:
    """Return whether `before` ends in an ordinal number that belongs to what is `after` it.

    `language` is an ISO 639-1 code; `after` is not empty.
    """
    if language not in _WRITE_ORDINALS:
        return False
    if after[0].islower():
        return _ORDINAL.search(before) is not None
    if after[0].isdigit():  # `3. 5. 2024`
        return bool(_DAY.search(before)) and bool(_DAY_OR_YEAR.match(after))
    return (
        language == "de"
        and _GERMAN_ORDINAL.search(before) is not None
        and _GERMAN_FUNCTION_WORD.match(after) is None
    )
