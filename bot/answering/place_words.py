"""The words by which people name places in a text, folded, in the languages that the bot speaks."""

from __future__ import annotations

from bot.models import PlaceKind

UNITS: dict[str, PlaceKind] = {
    **dict.fromkeys(
        """post posts tweet tweets paragraph paragraphs para paras part parts message messages entry entries
        publicacion publicaciones tuit tuits parrafo parrafos parte partes mensaje mensajes entrada entradas
        منشور منشورات تغريدة تغريدات فقرة فقرات جزء اجزاء رسالة رسايل مشاركة مشاركات""".split(),
        PlaceKind.POST,
    ),
    **dict.fromkeys(
        "p pp pg page pages pag pags pagina paginas ص صفحة صفحات".split(), PlaceKind.PAGE
    ),
    **dict.fromkeys(
        """section sections sec chapter chapters ch clause article appendix annex heading § §§
        seccion secciones sec apartado capitulo clausula articulo anexo قسم فصل باب مادة ملحق""".split(),
        PlaceKind.SECTION,
    ),
    **dict.fromkeys("minute min minuto دقيقة".split(), PlaceKind.TIME),
}
"""A noun → the kind of place that it names."""

PARTS = frozenset("part parte جزء".split())
"""Nouns for a post that headings have, too: `Part 2`."""

ITEMS = frozenset("item items row rows point punto puntos fila filas بند صف عنصر نقطة".split())
NUMBER_SIGNS = frozenset("no nr num number numero n رقم #".split())
AT = frozenset("at from time timestamp en a las desde hora عند في".split())
"""Words before a time."""

BETWEEN = frozenset("between entre بين".split())
"""Before two ends with “and” between them."""

LAST = frozenset("last final latest ultimo ultima ultimos ultimas final اخر اخير اخيرة".split())
LAST_BUT_ONE = frozenset("penultimate penultimo penultima".split())
MIDDLE = frozenset("middle medio media central اوسط وسطى وسط".split())
NEXT_TO = frozenset("second next".split())
"""Before “to last”."""

ONWARDS = frozenset("onwards onward on ff adelante".split())
"""Behind the first number of a range that goes on to the end."""

WHOLE = frozenset(
    "whole entire full complete all todo toda todos todas entero entera completo completa كل كامل".split()
)
"""Before or behind what is to be quoted from its beginning to its end."""

FIRST = frozenset("first primer primero primera primeros primeras اول اولى".split())

_NAMES_OF_NUMBERS = (
    "one first uno una primer primero primera واحد اول اولى",
    "two second dos segundo segunda اثنان ثاني ثانية ثان",
    "three third tres tercer tercero tercera ثلاثة ثالث ثالثة",
    "four fourth cuatro cuarto cuarta اربعة رابع رابعة",
    "five fifth cinco quinto quinta خمسة خامس خامسة",
    "six sixth seis sexto sexta ستة سادس سادسة",
    "seven seventh siete septimo septima سبعة سابع سابعة",
    "eight eighth ocho octavo octava ثمانية ثامن ثامنة",
    "nine ninth nueve noveno novena تسعة تاسع تاسعة",
    "ten tenth diez decimo decima عشرة عاشر عاشرة",
)
NUMBERS = {
    word: number
    for number, words in enumerate(_NAMES_OF_NUMBERS, start=1)
    for word in words.split()
}

TO = frozenset("to through thru until till a al hasta الى حتى".split())
"""Words between the ends of a range."""

AND = frozenset("and y e و &".split())
"""Between two numbers."""

OF = frozenset("of de del من".split())
"""Before the number of all places, or the name of a text."""

IN = frozenset("of in from by de del en من في".split())
"""Before the name of a text."""

ARTICLES = frozenset("the el la los las".split())

ORDERS = frozenset(
    """show me quote read open see give go to please pls get send us display can you could
    and now then also next okay muestra muestrame cita citame lee leeme abre ver dame por favor puedes podrias y ahora
    luego tambien و الان ثم ايضا اعرض اقتبس اقرا افتح ارني اعطني لي من فضلك""".split()
)
"""Words that ask for a place."""

QUESTIONS = frozenset(
    """what whats how is are does do did say says said about there written
    happens happen pasa que dice dicen hay pone cuenta يحدث ماذا يقول تقول ما يوجد""".split()
)
"""Words that ask what a place says: only where a noun names its kind."""

BESIDE = frozenset("in on at from with en في على ? ؟ ! ¿ ¡ .".split())
"""What may stand between these words and the place."""

NOUNS = frozenset("text thread document article texto hilo documento نص سلسلة".split())
TEXTS = NOUNS | frozenset("this that este esta هذا هذه".split())
"""What may stand for a text without naming it."""

ARABIC_PREFIXES = ("", "ال", "بال", "وال", "لل", "و", "ب")


def stem(word: str) -> str:
    """A folded word without Arabic's article and prefixes, if that makes it one of the words above."""
    if word.isascii():
        return word
    for prefix in ARABIC_PREFIXES:
        bare = word.removeprefix(prefix)
        if bare != word and (
            bare in UNITS or bare in LAST | FIRST | MIDDLE | NOUNS or bare in NUMBERS
        ):
            return bare
    return word
