"""Words that say nothing about the subject: dropped from texts and questions alike."""

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
    whats wheres whens whos hows whys thats theres heres lets im ive id ill youre youve youll hes shes theyre
    theyve weve theyll itll
    anyone anybody anything someone somebody something everyone everybody everything thing things stuff
    eg ie etc vs ok okay pls please hi hello hey thanks thx lol
    get gets got getting gonna wanna
    """.split()
)

ASKING = ENGLISH | frozenset("many much often long far soon".split())
"""Words that make a question, whatever it is about: most of a question's slips are in these."""

NAMES_IN_CAPITALS = frozenset({"us", "it", "who", "may"})
"""Stopwords that are also names: the country, the trade, the organisation, the month."""

DETERMINERS = frozenset(
    "the a an this that its their our his her my your no any every each former new".split()
)
MONTH_LEADS = frozenset("in by since until till of last next early late mid during".split())
"""After these a lower-case `may` is the month."""
PRONOUN_LEADS = frozenset(
    "tell tells told give gives gave let lets help helps show shows remind teach teaches of for to with all both from "
    "at behind around between among like than about on against make makes keep keeps".split()
)
"""After these a lower-case `us` is the pronoun; anywhere else in a question it is the country."""
