"""Recognises what people say to a bot without asking the texts anything."""

from __future__ import annotations

import re

from bot.models import SmallTalk
from bot.search.language.analysis import fold

_GREETING = (
    r"hi|hello|hey|heya|hiya|yo|greetings|good (?:morning|evening|afternoon|day|night)|morning|evening|afternoon"
    r"|have a (?:good|nice|great) (?:day|evening|night|one|weekend)|howdy|w?h?at'?s up|sup|sal+a+m(?: al[ae]i?kum)?"
    r"|bonjour|ciao|hallo|marhaba|shalom|namaste|bye(?: bye)?|good ?bye|gn|good ?night|night|cya"
    r"|see (?:you|ya|u)(?: later| soon| tomorrow)?|guten (?:morgen|tag|abend)|merhaba|привет"
    r"|hola|buenos dias|buenas(?: tardes| noches)?|adios|hasta (?:luego|pronto|manana)|que tal"
    r"|مرحبا|السلام عليكم(?: ورحمة الله(?: وبركاته)?)?|وعليكم السلام(?: ورحمة الله(?: وبركاته)?)?"
    r"|سلام|اهلا(?: وسهلا)?|صباح الخير|صباح النور|مساء الخير|تصبح(?:ون|ين)? على خير|مع السلامة"
)
_THANKS = (
    r"(?:many |no )?thanks?(?: you)?"
    r"|thx|ty|tysm|tyvm|cheers|(?:much )?appreciated|appreciate it|(?:muchas |mil )?gracias|merci|danke"
    r"|obrigad[oa]|спасибо|that(?:'?s| is) helpful|(?:that|this) helps"
    r"|shukran|شكرا(?: جزيلا| لك| لكم)*|مشكور|تسلم|الف شكر"
)
_REACTION = (
    r"ok|okay|okey|k|kk|lol|lmao|rofl|xd|omg|(?:ha|he|hi|ja){2,}h?|ha|he he|coo?l|nice(?: one)?|great|wow|awesome|perfect"
    r"|interesting|yes|no|yeah|yea|yep|yup|nope|nah|sure|right|hm|mhm|oh|ah|aw|good (?:bot|job|one)|bad bot|well done"
    r"|never ?mind|nvm|no problem|np|no worries|(?:i )?got it|i see|makes sense|sorry|my bad|indeed|exactly|agreed|brb|gtg|idk"
    r"|you'?re welcome|vale|claro|de acuerdo|perfecto|genial|de nada|entendido|lo siento|si"
    r"|حسنا|تمام|طيب|ممتاز|جميل|رايع|عفوا|نعم|اسف|ه"
)
_FILLER = (
    r"for (?:all )?(?:the|your|that) (?:help|answers?|reply|info|information|quotes?|time)|por (?:la ayuda|la respuesta|todo)"
    r"|there|bot|verbatim|all|everyone|everybody|again|so|very|much|a lot|you|for (?:the|that)|the|that|guys|folks|mate|man"
    r"|bro|friends?|y|muy|a todos|mucho|و|جدا"
)
_PIECE = re.compile(
    rf"(?:(?P<greeting>{_GREETING})|(?P<thanks>{_THANKS})|(?P<reaction>{_REACTION})|(?P<filler>{_FILLER}))(?: |\Z)"
)
_PRECEDENCE = (SmallTalk.THANKS, SmallTalk.GREETING, SmallTalk.REACTION)
"""Which kind wins if a line is several: “ok thanks, bye” counts as thanks."""

_ASKED_OF_THE_BOT = (
    r"(?:please |pls )?help(?: me)?(?: please| pls)?|commands?|(?:so )?(?:who|what) (?:are|r) (?:you|u)"
    r"|what(?: is|'?s) this(?: bot)?"
    r"|how (?:are|r) (?:you|u)(?: doing)?(?: today)?|how(?: is|'?s) it going"
    r"|how do(?:es)? (?:you|this|it|this bot) work|what (?:can|do) you (?:do|know)|what are you able to do"
    r"|what can i ask(?: you)?(?: about)?|how do i use (?:you|this)"
    r"|who (?:made|built|created|programmed|wrote) you|what(?: is|'?s) your name|how old are you|where are you from"
    r"|are you (?:there|real|alive|human|online|working|(?:an? )?(?:real )?(?:ai|bot|robot|human|person|chatgpt|gpt|llm))"
    r"|can you (?:help|hear)(?: me)?"
    r"|ayuda(?:me)?|(?:quien|que) eres(?: tu)?|eres (?:un )?(?:bot|robot|humano|real)|quien te (?:hizo|creo|programo)"
    r"|como (?:estas|funcionas|funciona esto)|que (?:puedes hacer|sabes)"
    r"|مساعدة|ساعدني|من انت|ما انت|هل انت (?:روبوت|بوت|انسان)|من صنعك"
    r"|كيف حالك|كيف تعمل|ماذا (?:تستطيع|يمكنك) ان تفعل|ماذا تعرف"
)
_ASKED_OF_THE_TALK = (
    r"what (?:did|have) (?:i|we|you) (?:just )?(?:asked|ask|said|say|told|tell)(?: you| me)?(?: about)?"
    r"(?: before| earlier| last| last time| previously| just now| first| again| so far)?"
    r"|what(?: was|'?s| is) (?:my|your) (?:last|previous|first|earlier) (?:question|message|answer|quote)"
    r"|(?:remind me )?what i (?:just )?asked(?: you)?(?: before| earlier)?|what were we talking about"
    r"|do you remember (?:me|what i (?:asked|said)|my (?:last )?question)"
    r"|(?:can you )?(?:repeat|say) (?:that|it|this)(?: again)?(?: please)?"
    r"|(?:de )?que (?:te )?(?:he )?(?:pregunte|preguntado|dije)(?: antes)?|cual fue mi (?:ultima )?pregunta(?: anterior)?"
    r"|(?:عن )?ماذا سالت(?:ك)?(?: من)?(?: قبل)?|ما (?:كان|هو) سوالي(?: السابق| الاخير)?"
)
_SHORT_SUMMARY = r"(?:the )?tl ?dr(?: please| pls)?"
_ABOUT = re.compile(f"{_ASKED_OF_THE_BOT}|{_ASKED_OF_THE_TALK}")
_CONTEXT = re.compile(
    r"(?:(?:the )?(?:source|context)|in context|show (?:me )?the (?:source|context)"
    r"|(?:what(?: is|['’]?s) the |your )(?:source|context)"
    r"|where(?: is|['’]?s) (?:that|this|it) from|where does (?:that|this|it) come from"
    r"|who said (?:that|this|it))(?: please| pls| plz)?"
    r"|(?:(?:cu[aá]l es )?la )?fuente(?: por favor)?|(?:en )?contexto|de d[oó]nde (?:es|sale|viene)(?: eso| esto)?"
    r"|(?:ما )?(?:ال)?مصدر(?: من فضلك)?|(?:في )?السياق|من (?:أين|اين) هذا"
)
_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_MARKUP = re.compile(r"<(?:[@#/]|a?:|t:|id:)[^<>\s]*>")
"""Mentions, custom emoji and timestamps in Discord's notation."""
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_LONGEST = 8


def small_talk(text: str) -> SmallTalk | None:
    """The kind of small talk that `text` is; None if it may be a question."""
    words = _WORDS.findall(_plain(text))
    if not words:
        return SmallTalk.EMPTY
    said = " ".join(words)
    if _ABOUT.fullmatch(said):
        return SmallTalk.ABOUT
    if len(words) > _LONGEST:
        return None
    return _said(said) or _said(_DRAWN_OUT.sub(r"\1", said))


def asks_for_short_summary(text: str) -> bool:
    """Whether `text` is “tl;dr”, under which some authors sum up."""
    return re.fullmatch(_SHORT_SUMMARY, " ".join(_WORDS.findall(_plain(text)))) is not None


def _plain(text: str) -> str:
    return fold(_MARKUP.sub(" ", text)).replace("’", "'")


def _said(text: str) -> SmallTalk | None:
    """The kind of a line that is nothing but small talk."""
    kinds: set[str] = set()
    at = 0
    while at < len(text):
        piece = _PIECE.match(text, at)
        if piece is None:
            return None
        kinds.add(piece.lastgroup or "")
        at = piece.end()
    return next((kind for kind in _PRECEDENCE if kind.value in kinds), None)


def asks_for_context(text: str) -> bool:
    """Whether `text`, in reply to a quote, only asks for its context."""
    words = [word.lower() for word in _WORDS.findall(text)]
    return len(words) <= _LONGEST and _CONTEXT.fullmatch(" ".join(words)) is not None
