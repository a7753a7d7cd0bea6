"""English stopwords, dropped from texts and questions alike, and the words that decide the ambiguous ones."""

from __future__ import annotations

ENGLISH = frozenset(
    """
    a an the and or but nor if then else than so as of at by for from in into on onto off over under up down out
    to with without about above below between through during before after again against further once
    i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself
    she her hers herself it its itself they them their theirs themselves
    this that these those here there
    am is are was were be been being have has had having do does did doing done
    can could will would shall should may might must ought
    not no yes only own same such too very just also even
    what which who whom whose when where why how whatever whether
    all any both each few more most other some another
    because while until per via
    dont doesnt didnt isnt arent wasnt werent hasnt havent hadnt wont wouldnt cant couldnt shouldnt cannot
    whats wheres whens whos hows whys thats theres heres lets im ive youre youve youll hes shes theyre
    theyve weve theyll itll
    anyone anybody anything someone somebody something everyone everybody everything thing things stuff
    eg ie etc vs ok okay pls please hi hello hey thanks thx lol
    get gets got getting gonna wanna
    """.split()
)

ASKING = ENGLISH | frozenset("many much often long far soon".split())
"""Function words of questions: most typos in a question are in these."""

_SUBJECTS = "i you he she it we they there here that this these those what who which where when why how y'all"
_AUXILIARIES = (
    "is are was were do does did have has had ca could wo would sha should must need might may ai"
)
CONTRACTIONS = (
    frozenset(
        f"{subject}'{ending}"
        for subject in _SUBJECTS.split()
        for ending in "s ll d re ve m".split()
    )
    | frozenset(f"{auxiliary}n't" for auxiliary in [*_AUXILIARIES.split(), "can"])
    | {"let's"}
)
"""Contractions with their apostrophe; without it some are other words: I'll, I'd, she'll."""

NAMES_IN_CAPITALS = frozenset({"us", "it", "who", "may"})
"""Stopwords that are also names: the country, the trade, the organisation, the month."""

NOUNS_TOO = frozenset("will can might mine cant wont".split())
"""Stopwords that are nouns after a possessive or an article: a will, the gold mine."""

FIRST_PERSON = {
    "ill": frozenset(
        "be have go get take try do give tell ask just never always also wait check let look then".split()
    ),
    "id": frozenset("like love rather say have want prefer be hate guess also never".split()),
}
"""Before these words `ill` and `id` are I'll and I'd; anywhere else somebody is ill, and an ID is lost."""

AMBIGUOUS = NAMES_IN_CAPITALS | NOUNS_TOO | FIRST_PERSON.keys() | {"lets"}
"""Words that are stopwords in some contexts only (`word_context`)."""

DETERMINERS = frozenset(
    "the a an this that its their our his her my your no any every each former new".split()
)
NOUN_LEADS = frozenset("the a an my your his her its our their no every".split())
"""No auxiliary can follow these, as it can `that` or `each`."""
BE = frozenset("is was are were".split())
"""No auxiliary follows these: "how was may", "who is will"."""
PRONOUN_MINE_LEADS = frozenset(
    "of is was are were be been like as than to with from not or it them".split()
)
"""After these `mine` is the pronoun; after any other word it is a pit."""
SENTENCE_LEADS = frozenset("and but so or ok then please".split())
"""A sentence may begin after these in the middle of another."""
SUBJECTS = frozenset(
    "i you he she it we they there this that these those the a an my your his her its our their all any some".split()
)
"""Words that follow a question's auxiliary."""
MONTH_LEADS = frozenset("in by since until till of last next early late mid during".split())
"""After these a lower-case `may` is the month."""
PRONOUN_LEADS = frozenset(
    "tell tells told give gives gave let lets help helps show shows remind teach teaches of for to with all both from "
    "at behind around between among like than about on against make makes keep keeps".split()
)
"""After these a lower-case `us` is the pronoun; anywhere else in a question it is the country."""
