"""Closed classes of words by which `interrogatives` tells questions: lower case, without apostrophes."""

from __future__ import annotations


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


FILLERS = _words(
    "so and but or ok okay well hey hi hello um uh oh hm hmm also then now wait sorry please pls just guys folks"
    " question btw lol y pero entonces hola oye و ف طيب يا"
)
QUESTION_WORDS = _words(
    "what whats who whos whom whose when whens where wheres why whys which how hows wat wen"
)
BARE_QUESTION_WORDS = _words("what whats who whos whom whose which why whys whens wheres hows")
"""Those that ask without an auxiliary after them."""
COPULAS = _words("is was are were isnt wasnt arent werent")
RELATIVE_PRONOUNS = _words("who whom whose which when where how")
AUXILIARIES = _words(
    "is am are was were do does did has have had can could will would should shall may might must isnt arent wasnt werent"
    " dont doesnt didnt hasnt havent hadnt cant couldnt wont wouldnt shouldnt"
)
ORDERING_AUXILIARIES = _words("do have had dont may might must")
"""Auxiliaries that start an order, a wish or a fragment if a determiner follows."""
NEVER_SUBJECTS = _words(
    "not be been being have has had do done love like go get also just still so too never really always actually very"
    " going gonna nothing ever only now here more better best worse fun"
)
"""Words after an auxiliary that show that its subject is omitted: “could be worse”."""
MOMENTARY_AUXILIARIES = _words("am are were have did")
"""Auxiliaries after which “you” means those present; after “do”, “can” or “should” it may be anybody."""
SPEAKERS = _words("i you u ya we yall me us im you're we're")
POSSESSIVES = _words("my your ur our mine yours ours")
INDEFINITE_PEOPLE = _words("anyone anybody everyone everybody someone somebody")
INDEFINITE_THINGS = _words("anything something everything")
DEMONSTRATIVES = _words("it this that these those")
PRONOUNS = SPEAKERS | DEMONSTRATIVES | _words("he she they there")
DETERMINERS = POSSESSIVES | _words("the a an any some his her its their all both each every no")
MEASURED_BY_HOW = _words(
    "many much long often far old big tall high soon come to fast large deep late early"
)
"""Words after “how” that ask for a measure."""
PREPOSITIONS = _words("until till since for by at in to from with of on about under")
REMARK_WORDS = _words(
    "not again too just another more some new same but because if nice good great"
)
NEVER_IN_PHRASES = (
    AUXILIARIES
    | QUESTION_WORDS
    | PRONOUNS
    | INDEFINITE_PEOPLE
    | INDEFINITE_THINGS
    | FILLERS
    | REMARK_WORDS
    | DETERMINERS
) - _words("the a an and or now question that this")
"""Words that do not occur in a phrase that names a fact, such as “toll price in 1864”."""
AMOUNTS = _words(
    "max maximum min minimum average median mean total percent percentage rate number amount result results vs versus"
)
