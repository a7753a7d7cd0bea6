"""Whether a message asks something, by its form alone: how its clauses begin and end.

For messages that are not addressed to the bot. Only closed classes of words are listed (question
words, auxiliaries, pronouns, verbs of asking), never what a question may be about. Without a
question mark English, Spanish and Arabic are understood; with one, any language.
"""

from __future__ import annotations

import itertools
import re
from enum import Enum

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


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_FILLERS = _words(
    "so and but or ok okay well hey hi hello um uh oh hm hmm also then now wait sorry please pls just guys folks"
    " question btw lol y pero entonces hola oye و ف طيب يا"
)
_ASKING = _words(
    "what whats who whos whom whose when whens where wheres why whys which how hows wat wen"
)
_FREE = _words("what whats who whos whom whose which why whys whens wheres hows")
"""Those that need no auxiliary after them to ask."""
_COPULAS = _words("is was are were isnt wasnt arent werent")
_LONGEST_ELLIPSIS = 9
"""Most words of a question without a verb, such as “any exceptions for carts”."""
_RELATIVE = _words("who whom whose which when where how")
_AUXILIARIES = _words(
    "is am are was were do does did has have had can could will would should shall may might must isnt arent wasnt werent"
    " dont doesnt didnt hasnt havent hadnt cant couldnt wont wouldnt shouldnt"
)
_ORDERS = _words("do have had dont may might must")
"""Auxiliaries that start an order, a wish or a fragment if a determiner follows."""
_NO_SUBJECTS = _words(
    "not be been being have has had do done love like go get also just still so too never really always actually very"
    " going gonna nothing ever only now here more better best worse fun"
)
"""Words after an auxiliary that show that its subject is omitted: “could be worse”."""
_OF_THE_MOMENT = _words("am are were have did")
"""Auxiliaries after which “you” means those present; after “do”, “can” or “should” it may be anybody."""
_SPEAKERS = _words("i you u ya we yall me us im you're we're")
_OWN = _words("my your ur our mine yours ours")
_PEOPLE = _words("anyone anybody everyone everybody someone somebody")
_THINGS = _words("anything something everything")
_POINTERS = _words("it this that these those")
_PRONOUNS = _SPEAKERS | _POINTERS | _words("he she they there")
_DETERMINERS = _OWN | _words("the a an any some his her its their all both each every no")
_MEASURED = _words(
    "many much long often far old big tall high soon come to fast large deep late early"
)
_LEADS = _words("until till since for by at in to from with of on about under")
_REMARKS = _words("not again too just another more some new same but because if nice good great")
_UNPHRASED = (
    _AUXILIARIES | _ASKING | _PRONOUNS | _PEOPLE | _THINGS | _FILLERS | _REMARKS | _DETERMINERS
) - _words("the a an and or now question that this")
_FACTS = frozenset(QuestionType) - {
    QuestionType.ANYTHING, QuestionType.KEYWORDS, QuestionType.ADVICE, QuestionType.FUTURE, QuestionType.YES_NO,
    QuestionType.OPINION, QuestionType.PROBLEM, QuestionType.HOW,
}  # fmt: skip
_AMOUNTS = _words(
    "max maximum min minimum average median mean total percent percentage rate number amount result results vs versus"
)
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
    while len(words) > 1 and words[0] in _FILLERS:
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
    if head == "what" and words[1:2] and words[1] not in _AUXILIARIES:
        return not _COPULAS.isdisjoint(rest[1:])  # “what mass is …” asks
    if head in {"any", *_PEOPLE}:
        return not _AUXILIARIES.isdisjoint(rest) or len(words) > _LONGEST_ELLIPSIS
    return head in {"should", "had", "were"} and "," in sentence


def _asks_later(clause: list[str]) -> bool:
    """Whether a later clause asks without a question mark, and is not a relative clause."""
    if clause[0] in _RELATIVE or clause[0] in _LEADS:
        return False
    return clause[0] not in _ASKING or not _AUXILIARIES.isdisjoint(clause[1:2])


def _opens_question(words: list[str], spelled: list[str], *, first: bool) -> bool:
    text = " ".join(words)
    if _SPANISH.match(text) or _ARABIC.match(text):
        return True
    head, following = words[0], words[1:]
    if head in _ASKING:
        return not following or _asks(head, following)
    if not following:
        return False
    if head in _LEADS and following[0] in _ASKING:
        return len(following) < 3 or not _AUXILIARIES.isdisjoint(following[1:4])
    if head in {"any", "anyone", "anybody"}:
        return first and len(following) > 1
    return head in _AUXILIARIES and _is_inverted(words, spelled[1], first=first)


def _is_inverted(words: list[str], second: str, *, first: bool) -> bool:
    """Whether the auxiliary at the start of a clause is followed by a subject (`second`)."""
    head, after = words[:2]
    if not first:
        return after in _PRONOUNS and len(words) > 3
    if after in _PRONOUNS | _PEOPLE | _THINGS:
        return head not in _ORDERS or after not in _POINTERS
    if after in _DETERMINERS:
        return head not in _ORDERS
    if head.endswith("nt"):
        return False
    named = second[0].isupper() or second[0].isdigit()
    endings = ("ly",) if head in {"did", "does"} else ("ing", "ed", "ly")
    bare = after in _NO_SUBJECTS or after.endswith(endings)
    return named or (len(words) > 2 and not bare)


def _asks(head: str, following: list[str]) -> bool:
    """Whether a clause with a question word at its start asks, and is not a relative clause."""
    after = following[0]
    if after in {"and", "or"} and len(following) > 1 and following[1] in _ASKING:
        return len(following) == 2 or _asks(following[1], following[2:])
    if after in _AUXILIARIES or after in _PRONOUNS:
        return after in _AUXILIARIES
    if head in {"how", "wat"}:
        inverted = after not in _DETERMINERS and not _AUXILIARIES.isdisjoint(following[1:3])
        return after in _MEASURED or inverted
    if head == "why":
        return after not in _DETERMINERS
    return head in _FREE and (head.endswith("s") or after not in {"a", "an"})


def _is_social(words: list[str], text: str) -> bool:
    if not _OWN.isdisjoint(words):
        return True
    if _KNOWING.match(text) or _REQUESTS.match(text):
        return False
    if words[0] in _AUXILIARIES and len(words) > 1:
        return words[1] in _PRONOUNS or words[1] in _PEOPLE
    if words[0] in _SPEAKERS | _PEOPLE or "me" in words:
        return True
    pairs = itertools.pairwise(words)
    return any(one in _OF_THE_MOMENT and other in _SPEAKERS for one, other in pairs)


def _is_phrase(said: str) -> bool:
    if re.search(r"[!.,;:…\n]", said):
        return False
    words, _ = _split(said)
    asks = _ASKED_LAST.search(" ".join(words))
    if asks is not None:
        words = words[: -len(asks.group().split())]
    names = (
        asks is not None
        or not _AMOUNTS.isdisjoint(words)
        or not _FACTS.isdisjoint(question_types(said))
    )
    return (
        names
        and len(words) in _PHRASE_WORDS
        and words[0] not in _POINTERS | _DETERMINERS
        and _UNPHRASED.isdisjoint(words)
    )
