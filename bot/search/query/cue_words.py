"""Cue words: common English words that show what a question asks for, and that a sentence offers it.

They apply to texts on any subject. What each is worth is learned, not decided here.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag, auto


class QuestionType(IntEnum):
    """Types of question; one question can be of several."""

    ANYTHING = 0
    WHEN = auto()
    HOW_LONG = auto()
    HOW_OFTEN = auto()
    HOW_MANY = auto()
    MONEY = auto()
    SHARE = auto()
    MEASURE = auto()
    WHO = auto()
    WHERE = auto()
    WHY = auto()
    HOW = auto()
    WHAT_IS = auto()
    WHICH = auto()
    ADVICE = auto()
    FUTURE = auto()
    YES_NO = auto()
    OPINION = auto()
    PROBLEM = auto()
    KEYWORDS = auto()


class Evidence(IntFlag):
    """Kinds of evidence in a sentence, as bits of an integer."""

    NONE = 0
    NUMBER = auto()
    YEAR = auto()
    DATE = auto()
    CLOCK = auto()
    DURATION = auto()
    MONEY = auto()
    PERCENT = auto()
    MEASURE = auto()
    NAME = auto()
    FULL_NAME = auto()
    PERSON = auto()
    PLACE = auto()
    CAUSE = auto()
    MANNER = auto()
    DEFINITION = auto()
    LIST = auto()
    OPINION = auto()
    NEGATION = auto()
    ADVICE = auto()
    FUTURE = auto()
    COMPARISON = auto()
    FREQUENCY = auto()
    QUOTATION = auto()
    QUESTION = auto()
    SPEAKER = auto()
    PROBLEM = auto()
    COLON = auto()


PATTERN_BY_TYPE: tuple[tuple[QuestionType, str], ...] = (
    (
        QuestionType.WHEN,
        r"when|whens|date|dates|deadline|what (?:year|month|day|time)|"
        r"which (?:year|month|day)|since when|until when|by when",
    ),
    (
        QuestionType.HOW_LONG,
        r"how long|"
        r"how (?:much|many) (?:more )?(?:time|seconds|minutes|hours|days|weeks|months|years|"
        r"decades)|how soon|how old|how fast|how quick(?:ly)?|duration|length of time",
    ),
    (
        QuestionType.HOW_OFTEN,
        r"how often|how (?:frequent|regular)(?:ly)?|how many times|frequency",
    ),
    (
        QuestionType.HOW_MANY,
        r"how many|how much|number of|amount of|total|count|quantity|how big|how large|"
        r"size of|population",
    ),
    (
        QuestionType.MONEY,
        r"how (?:much|expensive|cheap|pricey)|costs?|price[sd]?|pay(?:s|ing)?|paid|salary|"
        r"wages?|fees?|budget|revenue|profit|money|fund(?:s|ed|ing)|worth|earn(?:s|ed)?|"
        r"spen[dt]|bill|charge[ds]?|afford",
    ),
    (
        QuestionType.SHARE,
        r"percent(?:age)?|per cent|share|proportion|fraction|ratio|rate|odds|chances?|"
        r"likelihood|how likely|majority|%",
    ),
    (
        QuestionType.MEASURE,
        r"how (?:far|high|tall|deep|wide|heavy|hot|cold|thick|big|large|long|fast|strong|warm|"
        r"steep|loud)|distance|height|width|depth|weight|temperature|speed|length|size|area",
    ),
    (
        QuestionType.WHO,
        r"who|whos|whose|whom|"
        r"which (?:person|people|man|woman|leader|author|company|team|group|country|"
        r"organi[sz]ation)|what (?:person|people|company|group|team)|name of|author of|"
        r"by whom|somebody|someone|guy",
    ),
    (
        QuestionType.WHERE,
        r"where|wheres|"
        r"(?:which|what) (?:country|countries|city|cities|town|place|state|region|area|street|"
        r"river|island|continent)|location|located|whereabouts",
    ),
    (
        QuestionType.WHY,
        r"why|whys|how come|reasons?|causes?|caused|what made|what led|what makes|explanation|"
        r"motive|because of what|due to what|purpose|point of",
    ),
    (
        QuestionType.HOW,
        r"how (?:do|does|did|can|could|to|should|would|was|were|is|are|will|has|have)|"
        r"by what means|in what way|method|process|mechanism|how",
    ),
    (
        QuestionType.WHAT_IS,
        r"^(?:what|whats|what's|what is|what are|what was) (?:is |are |was |were )?(?:an? |the )?"
        r"\S+\??$|\b(?:definition|define|meaning|means?|stands? for|difference between|called|"
        r"known as|tell me about|explain)(?!\w)",
    ),
    (
        QuestionType.WHICH,
        r"which|list|examples?|types? of|kinds? of|sorts? of|"
        r"what (?:types|kinds|sorts|are|other|else|things)|name (?:the|two|three|some)|options",
    ),
    (
        QuestionType.ADVICE,
        r"should|recommend(?:s|ed|ation)?s?|advice|advise[sd]?|tips?|best|"
        r"is it (?:ok|okay|safe|worth|better)|can (?:i|you|we)|do i (?:need|have)|"
        r"suggest(?:s|ed|ion|ions)?|allowed|worth|better",
    ),
    (
        QuestionType.FUTURE,
        r"will|going to|future|next|plans?|planned|planning|expect(?:s|ed)?|"
        r"predict(?:s|ed|ion)?|forecast|upcoming|gonna|later|happens? (?:if|when|next)|coming",
    ),
    (
        QuestionType.YES_NO,
        r"^(?:so |and |but |ok |wait |then )*(?:is|are|was|were|do|does|did|has|have|had|can|"
        r"could|will|would|should|isn.?t|aren.?t|wasn.?t|weren.?t|don.?t|doesn.?t|didn.?t|"
        r"hasn.?t|won.?t|any|anyone|anything)\b",
    ),
    (
        QuestionType.OPINION,
        r"think|thinks|thought|opinion|views?|favou?r|believes?|feel|feels|agree|take on|"
        r"consider|author|writer|reckon|verdict|conclusion|favou?rite|prefer|regrets?",
    ),
    (
        QuestionType.PROBLEM,
        r"problems?|issues?|wrong|catch|downsides?|drawbacks?|risks?|dangers?|"
        r"difficult(?:y|ies)?|challenges?|obstacles?|concerns?|worr(?:y|ies|ied)|mistakes?|"
        r"fail(?:s|ed|ure)?|trouble|bad|worst|complaints?",
    ),
)
"""Question type → a pattern of the words and openings that ask for it."""
WORDS_BY_EVIDENCE: dict[Evidence, str] = {
    Evidence.DATE: """
        january february march april june july august september october november december jan
        feb mar apr jun jul aug sept sep oct nov dec monday tuesday wednesday thursday friday
        saturday sunday yesterday today tomorrow tonight spring summer autumn winter easter
        christmas ramadan ago bc bce ad ce centuries century decade era
    """,
    Evidence.CLOCK: """
        am pm noon midnight gmt utc cet cest bst est pst oclock
    """,
    Evidence.NUMBER: """
        two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
        sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty
        ninety hundred thousand million billion trillion dozen dozens hundreds thousands
        millions billions half twice double triple third thirds quarter nobody none several
        single pair zero
    """,
    Evidence.MONEY: """
        dollar dollars euro euros pound pounds cent cents pence usd eur gbp cost costs price
        prices paid pay fee fees free salary wage wages grant grants fund budget yen rupees
    """,
    Evidence.PERCENT: """
        percent pct majority minority fraction share proportion half third quarter quarters
        thirds
    """,
    Evidence.MEASURE: """
        m km cm mm metre metres meter meters kilometre kilometres kilometers mile miles foot
        feet inch inches yard yards kg kilo kilos kilogram gram grams g tonne tonnes ton tons lb
        lbs pounds litre litres liter liters ml gallon acre acres hectare hectares degrees
        celsius fahrenheit mph kmh knots mw kw gw mwh kwh gwh volts watts hz ghz mb gb tb sq
        square cubic
    """,
    Evidence.PERSON: """
        he she his her him president minister king queen prince princess emperor general
        professor doctor dr mr mrs ms sir lord lady captain ceo founder director chairman chair
        mayor senator judge bishop pope author scientist engineer officer researcher researchers
        workers members people officials players doctors staff volunteers team wife husband son
        daughter brother sister mother father named led
    """,
    Evidence.PLACE: """
        city town village country region province state county district island north south east
        west northern southern eastern western river lake sea ocean coast mountain valley border
        capital street building room hall station port airport located situated near
        headquarters museum centre center area
    """,
    Evidence.CAUSE: """
        because since due owing thanks therefore thus hence so cause caused causes causing
        reason reasons result resulted results resulting led leads leading why consequently
        means meant make makes made making prompted driven allow allows allowed help helps
        forced otherwise
    """,
    Evidence.MANNER: """
        by using through via with method technique process use uses used means first then
        instead simply
    """,
    Evidence.DEFINITION: """
        means called known named term defined definition refers refer stands consists type kind
        form sort describes word
    """,
    Evidence.OPINION: """
        think believe reckon guess suspect hope opinion view honestly honest personally feel
        wish bet favourite favorite worth love hate best worst convinced doubt argue argued
        suggest better
    """,
    Evidence.NEGATION: """
        not no never nobody none nothing neither nor without only hardly barely dont doesnt
        didnt isnt wasnt arent werent cant couldnt wont wouldnt shouldnt hasnt havent rarely
        unlikely stopped refused lack
    """,
    Evidence.ADVICE: """
        should must dont avoid need needs try make keep use recommend better best never always
        ask put take buy check advice tip wear bring please let
    """,
    Evidence.FUTURE: """
        will next plan plans planned planning expect expected expects soon until going upcoming
        future tomorrow hope forecast predict predicts due would shall ll later if
    """,
    Evidence.COMPARISON: """
        than more less most least fewer higher lower larger smaller better worse bigger compared
        versus vs instead rather while whereas increase increased decrease decreased rose fell
        grew dropped up down
    """,
    Evidence.FREQUENCY: """
        every once twice often each daily weekly monthly yearly annually annual per always
        usually regularly sometimes times hourly nightly
    """,
    Evidence.SPEAKER: """
        i my me we our us im ive ill id myself
    """,
    Evidence.PROBLEM: """
        problem problems issue issues but however although though wrong catch risk risks danger
        unfortunately mistake failed fail failure worst bad obstacle difficult hard trouble
        worry worried concern concerns despite yet lost damage
    """,
}
"""Kind of evidence → the words that speak for it."""

TIME_UNITS = frozenset(
    """
    second minute hour day night week weekend fortnight month quarter year decade century season
    generation semester
    seconds minutes hours days nights weeks weekends fortnights months quarters years decades
    centuries seasons generations semesters hrs mins secs yrs s h
    """.split()
)
