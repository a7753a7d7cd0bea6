"""Whether a message asks something, by its form alone: how its clauses begin and end.

For messages that are not addressed to the bot. Only closed classes of words are listed (question
words, auxiliaries, pronouns, verbs of asking), never what a question may be about. Without a
question mark English, Spanish and Arabic are understood; with one, any language.
"""

from __future__ import annotations

import itertools
import re
from enum import Enum

from bot.answering.word_classes import (
    AMOUNTS,
    AUXILIARIES,
    BARE_QUESTION_WORDS,
    COPULAS,
    DEMONSTRATIVES,
    DETERMINERS,
    FILLERS,
    INDEFINITE_PEOPLE,
    INDEFINITE_THINGS,
    MEASURED_BY_HOW,
    MOMENTARY_AUXILIARIES,
    NEVER_IN_PHRASES,
    NEVER_SUBJECTS,
    ORDERING_AUXILIARIES,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    QUESTION_WORDS,
    RELATIVE_PRONOUNS,
    SPEAKERS,
)
from bot.search.query.cue_words import QuestionType
from bot.search.query.question_types import question_types

MAX_READ = 500
"""Characters of a message that are read."""

MAX_SENTENCES = 12
"""Sentences of a message that are read; each takes microseconds of the event loop."""


class Form(Enum):
    """The form of a message."""

    STATEMENT = "statement"
    """It asks nothing, or asks people: “what do you guys think?”"""
    PHRASE = "phrase"
    """Not a sentence, but it names a kind of fact: “toll price in 1864”."""
    SOCIAL = "social"
    """A question to those present, for agreement, or about what was said: “are you coming?”"""
    QUESTION = "question"


_ORDER = tuple(Form)

_NOT_SAID = re.compile(
    r"```.*?(?:```|\Z)"  # a block of code
    r"|``[^\n]*?``|`[^`\n]*`"
    r"|^>>> .*\Z|^> [^\n]*$"  # what somebody else has said
    r"|<a?:\w+:\d+>|(?<!\w):\w{2,32}:(?!\w)|<?\bhttps?://[^\s>]+>?",
    re.DOTALL | re.MULTILINE,
)
_NAMED = re.compile(r"<(?:[@#][!&]?\d+|t:-?\d+(?::\w)?|id:\w+)>")
"""Mentions of channels, members and times, which count as any word."""
_COMMAND = re.compile(r"\s*(?:[!/.$%&+=?;~^-]{1,2}|[a-z]{1,2}[!?.])[a-z]", re.IGNORECASE)
"""Commands to other bots: `!play`, `/roll`, `t!daily`."""

_MARKS = "?؟？⁇⁈⁉‽՞፧⸮꘏"
_SENTENCE = re.compile(
    rf"[^{_MARKS}.!…。！।\n]+"
    rf"(?:[{_MARKS}.!…。！।]+(?!\s|\Z)[^{_MARKS}.!…。！।\n]+)*+[{_MARKS}!.…。！।]*"
)
_CLAUSE = re.compile(r"[,;:–—-]\s")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


_LONGEST_ELLIPSIS = 9
"""Most words of a question without a verb, such as “any exceptions for carts”."""
_FACTS = frozenset(QuestionType) - {
    QuestionType.ANYTHING, QuestionType.KEYWORDS, QuestionType.ADVICE, QuestionType.FUTURE, QuestionType.YES_NO,
    QuestionType.OPINION, QuestionType.PROBLEM, QuestionType.HOW,
}  # fmt: skip
_ASKED_LAST = re.compile(
    r" (?:how (?:many|much|long|often|far)|(?:for |of |by |to |with |at |in )?(?:what|whom|which))$"
)
_PHRASE_WORDS = range(2, 9)

_KNOWING = re.compile(
    r"(?:do|does|did|can|could|would|will|has|have|is|are|anyone|anybody|someone|somebody|any)\b[\w'’ ]{0,24}?"
    r"\b(?:know|knows|tell|explain|remember|recall|remind|idea|info|information|clue|confirm|clarify|find out|told)\b"
)
_REQUESTS = re.compile(
    r"(?:(?:tell|show|give|remind|teach) (?:me|us)|explain|describe|define|summari[sz]e|list (?:the|all|some)"
    r"|name (?:the|all|some|two|three)|(?:i(?: am|m)? )?(?:wonder|wondering|curious)"
    r"|(?:i(?:d| would)? )?(?:want|like|need|love) to know|what about|how about"
    r"|d[ií]me|cu[eé]ntame|expl[ií]ca(?:me)?|quiero saber|alguien sabe|sabes|se sabe"
    r"|أخبرني|اخبرني|اشرح|أريد أن أعرف|اريد ان اعرف)\b"
)
_TO_ALL = re.compile(
    r"\b(?:you (?:guys|all|folks|people|lot|two|both)|yall"
    r"|(?:any|some|one|none|all|both|each|most|many|those|who|which|either|neither) of (?:you|u|ya))\b"
)
"""Words that address several people: they are asked, not a text."""
_INVERTED = re.compile(
    r"\b(?:what|who|whom|when|where|why|how|which)(?: \w+)? (?:do|does|did|can|could|should|will|would|is|are|was|were)"
    r" (?:i|you|we|they|he|she|it)\b"
)
"""A question word, an auxiliary and then its subject: a relative clause never has that order."""
_SPANISH = re.compile(
    r"(?:(?:a|de|con|en|por|para|desde|hasta|hacia|sobre) )?"
    r"(?:qui[eé]n(?:es)?|cu[aá]nt[oa]s?|cu[aá]l(?:es)?|por qu[eé]|cuándo|dónde|adónde|cómo"
    r"|qu[eé] (?:es|son|fue|fueron|era|eran|significa|dice|dijo|pas[oó]|hay|ha|han|hab[ií]a|hizo|hicieron))\b"
)
_ARABIC = re.compile(
    r"[وف]?(?:هل|ماذا|متى|أين|اين|لماذا|كيف|كم(?! هو| هي)|أي|لمن|ما (?:هو|هي|هم|الذي|التي)|ماهو|ماهي"
    r"|من (?:هو|هي|هم|الذي|التي|كان|كانت))\b"
)
_ONLY_WITH_A_MARK = re.compile(
    r"(?:(?:a|de|con|en|por|para|desde|hasta) )?(?:qu[eé]|como|donde|cuando)\b|[وف]?(?:ما|من|مين|ليش|وين|شو)\b"
)
"""Question words that also start statements."""


def said_in(message: str) -> str:
    """The author's own words in a message, without code, links, emoji, quotations and commands."""
    if _COMMAND.match(message):
        return ""
    return _NAMED.sub(" 0 ", _NOT_SAID.sub("\n", message[:MAX_READ])).strip()


def form_of(message: str) -> Form:
    """The form of a message: that of the sentence which asks the most."""
    said = said_in(message)
    forms = [_form_of_sentence(sentence) for sentence in _sentences(said)]
    if len(forms) == 1 and forms[0] is Form.STATEMENT and _is_phrase(said):
        return Form.PHRASE
    return max(forms, key=_ORDER.index, default=Form.STATEMENT)


def only_asks(message: str) -> bool:
    """Whether every sentence of a message asks, so that it answers nobody."""
    sentences = [each for each in _sentences(said_in(message)) if _WORD.search(each)]
    return bool(sentences) and all(_asks_openly(sentence) for sentence in sentences)


def _sentences(said: str) -> list[str]:
    return _SENTENCE.findall(said)[:MAX_SENTENCES]


def _form_of_sentence(sentence: str) -> Form:
    words, spelled = _split(sentence)
    if not any(word[0].isalpha() for word in words):
        return Form.STATEMENT
    text = " ".join(words)
    if _TO_ALL.search(text):
        return Form.STATEMENT
    marked = "¿" in sentence or not _MARKED.isdisjoint(sentence)
    opens = _opens(sentence, words, spelled, marked=marked) or (
        marked and bool(_ONLY_WITH_A_MARK.match(text))
    )
    if not opens:
        return Form.SOCIAL if marked else Form.STATEMENT
    return Form.SOCIAL if _is_social(words, text) else Form.QUESTION


_MARKED = frozenset(_MARKS)


def _asks_openly(sentence: str) -> bool:
    words, spelled = _split(sentence)
    text = " ".join(words)
    requests = _REQUESTS.match(text) or _KNOWING.match(text)
    return bool(words) and (bool(requests) or _opens_question(words, spelled, first=True))


def _split(sentence: str) -> tuple[list[str], list[str]]:
    """The words of a sentence after its interjections: in lower case, and as written."""
    spelled = _WORD.findall(sentence)
    words = [_without_apostrophe(word) for word in spelled]
    while len(words) > 1 and words[0] in FILLERS:
        del words[0], spelled[0]
    return words, spelled


def _without_apostrophe(word: str) -> str:
    lowered = word.lower().replace("’", "'")
    return lowered if lowered.endswith("'re") else lowered.replace("'", "")


def _opens(sentence: str, words: list[str], spelled: list[str], *, marked: bool) -> bool:
    """Whether a clause of the sentence starts as a question does.

    Without a question mark, relative, conditional and cleft clauses do not ask (“Brunel, who was
    ill”, “should it fail, …”, “what surprised me was …”), nor does a sentence with a full stop.
    """
    text = " ".join(words)
    if _REQUESTS.match(text) or _KNOWING.match(text) or _INVERTED.search(text):
        return True
    if not marked and (sentence.rstrip().endswith(".") or _declares(words, sentence)):
        return False
    if _opens_question(words, spelled, first=True):
        return True
    return any(
        own and (marked or _asks_later(own)) and _opens_question(own, as_is, first=False)
        for own, as_is in map(_split, _CLAUSE.split(sentence)[1:])
    )


def _declares(words: list[str], sentence: str) -> bool:
    """Whether a sentence that starts as a question goes on as a statement."""
    head, rest = words[0], words[2:]
    if head == "what" and words[1:2] and words[1] not in AUXILIARIES:
        return not COPULAS.isdisjoint(rest[1:])  # “what mass is …” asks
    if head in {"any", *INDEFINITE_PEOPLE}:
        return not AUXILIARIES.isdisjoint(rest) or len(words) > _LONGEST_ELLIPSIS
    return head in {"should", "had", "were"} and "," in sentence


def _asks_later(clause: list[str]) -> bool:
    """Whether a later clause asks without a question mark, and is not a relative clause."""
    if clause[0] in RELATIVE_PRONOUNS or clause[0] in PREPOSITIONS:
        return False
    return clause[0] not in QUESTION_WORDS or not AUXILIARIES.isdisjoint(clause[1:2])


def _opens_question(words: list[str], spelled: list[str], *, first: bool) -> bool:
    text = " ".join(words)
    if _SPANISH.match(text) or _ARABIC.match(text):
        return True
    head, following = words[0], words[1:]
    if head in QUESTION_WORDS:
        return not following or _asks(head, following)
    if not following:
        return False
    if head in PREPOSITIONS and following[0] in QUESTION_WORDS:
        return len(following) < 3 or not AUXILIARIES.isdisjoint(following[1:4])
    if head in {"any", "anyone", "anybody"}:
        return first and len(following) > 1
    return head in AUXILIARIES and _is_inverted(words, spelled[1], first=first)


def _is_inverted(words: list[str], second: str, *, first: bool) -> bool:
    """Whether the auxiliary at the start of a clause is followed by a subject (`second`)."""
    head, after = words[:2]
    if not first:
        return after in PRONOUNS and len(words) > 3
    if after in PRONOUNS | INDEFINITE_PEOPLE | INDEFINITE_THINGS:
        return head not in ORDERING_AUXILIARIES or after not in DEMONSTRATIVES
    if after in DETERMINERS:
        return head not in ORDERING_AUXILIARIES
    if head.endswith("nt"):
        return False
    named = second[0].isupper() or second[0].isdigit()
    endings = ("ly",) if head in {"did", "does"} else ("ing", "ed", "ly")
    bare = after in NEVER_SUBJECTS or after.endswith(endings)
    return named or (len(words) > 2 and not bare)


def _asks(head: str, following: list[str]) -> bool:
    """Whether a clause with a question word at its start asks, and is not a relative clause."""
    after = following[0]
    if after in {"and", "or"} and len(following) > 1 and following[1] in QUESTION_WORDS:
        return len(following) == 2 or _asks(following[1], following[2:])
    if after in AUXILIARIES or after in PRONOUNS:
        return after in AUXILIARIES
    if head in {"how", "wat"}:
        inverted = after not in DETERMINERS and not AUXILIARIES.isdisjoint(following[1:3])
        return after in MEASURED_BY_HOW or inverted
    if head == "why":
        return after not in DETERMINERS
    return head in BARE_QUESTION_WORDS and (head.endswith("s") or after not in {"a", "an"})


def _is_social(words: list[str], text: str) -> bool:
    if not POSSESSIVES.isdisjoint(words):
        return True
    if _KNOWING.match(text) or _REQUESTS.match(text):
        return False
    if words[0] in AUXILIARIES and len(words) > 1:
        return words[1] in PRONOUNS or words[1] in INDEFINITE_PEOPLE
    if words[0] in SPEAKERS | INDEFINITE_PEOPLE or "me" in words:
        return True
    pairs = itertools.pairwise(words)
    return any(one in MOMENTARY_AUXILIARIES and other in SPEAKERS for one, other in pairs)


def _is_phrase(said: str) -> bool:
    if re.search(r"[!.,;:…\n]", said):
        return False
    words, _ = _split(said)
    asks = _ASKED_LAST.search(" ".join(words))
    if asks is not None:
        words = words[: -len(asks.group().split())]
    names = (
        asks is not None
        or not AMOUNTS.isdisjoint(words)
        or not _FACTS.isdisjoint(question_types(said))
    )
    return (
        names
        and len(words) in _PHRASE_WORDS
        and words[0] not in DEMONSTRATIVES | DETERMINERS
        and NEVER_IN_PHRASES.isdisjoint(words)
    )
