"""The words in which people ask about a text itself, by language and by what they contribute to the question.

All are words that any text has in common: question words, auxiliaries, and nouns for texts and for what is
known of them. A question with any other word, unless a title or an author's name holds it, asks about something
that the texts say. Words are folded (no case, no accents); Arabic ones stand without article and prefixes.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.answering.text_word_classes import W, WordClass
from bot.search.language.analysis import fold
from bot.search.language.lexicon import closed_class_words

Vocabulary = Mapping[str, frozenset[WordClass]]
"""A word, or a phrase of words with blanks between → its classes."""


def _vocabulary(language: str, words: Mapping[WordClass, str]) -> Vocabulary:
    """Turn lists of words, with `_` for a blank within a phrase, around.

    All other closed-class words of the language contribute nothing.
    """
    found: dict[str, set[WordClass]] = {}
    for kind, listed in words.items():
        for word in listed.split():
            found.setdefault(word.replace("_", " "), set()).add(kind)
    for word in closed_class_words(language):
        found.setdefault(fold(word), {W.FILLER})
    return MappingProxyType({word: frozenset(kinds) for word, kinds in found.items()})


_ENGLISH = {
    W.FILLER: """together being only please pls plz hey hi hello thanks again responsible well actually really
        exactly tell know say give show send get got see look let want wanna like need total full whole altogether
        wonder wondering originally name last remind explain ok okay out member members people one able allowed
        online somewhere still just bro dude currently now contain contains include comprise possible up short
        brief briefly quick quickly little bit version kind sort use uses using own personally time times latest
        one_sentence few_words in_general generally overall sentence sentences words lines simple terms new
        twitter internet web trying other others stored loaded""",
    W.HOW_MUCH: "two three four five six seven eight nine ten paragraph bullet bullets",
    W.PERSON: "person people guy man woman one_person somebody someone account user",
    W.BE: "is are was were",
    W.WHO: "who whos by_whom whom which_person what_person name_of_the_person",
    W.WHAT: "what whats which list",
    W.WHEN: "when what_day what_time how_long_ago",
    W.WHERE: "where where_else",
    W.PLACE_HERE: "here",
    W.EXIST: "there",
    W.LAST: "last latest the_last",
    W.EXPLAIN: "explain describe break_down",
    W.ASK: "ask",
    W.SHOW: "show list give see",
    W.ANSWERS: "answer answers quote quotes",
    W.WHOSE: "whose",
    W.HOW_MANY: "how_many how_much word_count number count amount",
    W.HOW_LONG: "how_long how_big how_large length size",
    W.LONG: "long lengthy",
    W.HOW_OLD: "how_old how_recent how_new age old recent outdated out_of_date up_to_date current",
    W.THIS: "this",
    W.THESE: "these",
    W.IT: "it that",
    W.YOU: "you your yours u ur yourself verbatim bot",
    W.THE: "the",
    W.FROM: "from by behind comes come belong belongs credit",
    W.WRITTEN: "written posted published made created dated typed uploaded",
    W.TEXT: """text thread doc pdf document article post piece page file tweet writing content publication material
        unroll entry""",
    W.TEXTS: "texts threads documents articles sources files pieces writings materials publications docs library",
    W.KIND: """letter handbook book booklet manual guide speech talk lecture report paper essay story poem recipe
        minutes transcript interview episode podcast memo review agreement contract statute bylaws rules policy faq
        readme changelog newsletter blog wiki glossary brochure leaflet study diary schedule announcement statement
        notes news notice column journal faqs q_and_a instructions tutorial
        walkthrough lesson sermon press_release write_up writeup video rant recording audio show series newspaper
        magazine""",
    W.PART: "posts tweets paragraphs parts messages entries sections chapters pages word_count words sentences lines",
    W.WRITE: """put write wrote written writes gave given gives delivered author authored publish published publishes
        post posted posts tweet tweeted compile compiled compose composed pen penned put_together came_up_with sent
        send took taken
        released issued dated created create made make drafted prepared prepare came_out come_out comes_out appear
        appeared appears typed uploaded first_written last_written first_published last_published first_posted
        last_posted publishing posting writing""",
    W.FIND: "find listen watch hear available read see get view access download look_up browse buy",
    W.ORIGINAL: "original originals original_version",
    W.SAY: """say says said tell tells cover covers covered discuss discusses deal_with deals_with contain contains
        mean""",
    W.ARGUE: "say says trying_to_say argue argues claim claims think thinks believe believes conclude concludes",
    W.ABOUT: """about discussed covered addressed talk_about talks_about talking_about discuss discusses concern
        concerns""",
    W.ON: "about on regarding concerning",
    W.AUTHOR: "author authors writer writers poster creator authorship byline",
    W.TITLE: "title headline titled entitled",
    W.CALLED: "call called named name titled entitled",
    W.DATE: """date dates dated time_of_posting time_of_writing time_of_publication posting_time publication_date
        date_of_publication timestamp""",
    W.YEAR: "year month what_year which_year",
    W.LINK: "link links url urls hyperlink address web_address permalink website web_page webpage citation",
    W.SOURCE: "source",
    W.LICENSE: """license licence licensed licenced licensing copyright copyrighted copyrights public_domain
        creative_commons copying_allowed reuse copy""",
    W.REUSE: "use share repost retweet copy quote cite reprint republish reuse reproduce redistribute",
    W.MAY: "ok can could may allowed permitted permission okay legal",
    W.LANGUAGE: "language languages tongue",
    W.LANGUAGE_NAME: "english spanish arabic french german",
    W.SUMMARY: """summary summaries summarise summarize summarised summarized summarising summarizing tldr tl_dr
        sum_up sum gist overview synopsis recap takeaway takeaways nutshell in_a_nutshell highlights bottom_line
        abstract too_long_didn't_read too_long_didnt_read summery""",
    W.MAIN: "main key central most_important core essential principal important",
    W.POINT: """point points idea ideas topic topics theme themes message messages argument arguments subject
        subjects claim claims thesis conclusion conclusions contents thing things""",
    W.KNOWLEDGE: """everything knowledge knowledge_base knowledgebase database data information info library
        collection corpus""",
    W.UPDATED: """updated last_update last_updated last_changed update updates up_to_date changed change refreshed
        reloaded modified current""",
    W.ADD: "add added adding adds upload uploaded uploading import contribute submit submitted insert",
}

_SPANISH = {
    W.FILLER: """un una unos unas de en con para y o a ser ha han hay se me lo le les nos por favor podrias podria
        puede pueden puedo puedes decirme dime di sabes saber quisiera quiero gustaria hola oye gracias muestrame
        muestra ensename dame haz hazme pasame pasas pasa mandame manda su sus mi mis vez ultima ultimo ultimas
        tiene tienen contiene total todo toda yo que si nuevo nueva persona entonces bajo alguna algun corto breve
        breves frase frases pocas palabras tiempo al esta estan cual_es como miembro miembros alguien cualquiera
        ahora aqui exactamente realmente verdad haces hacer hace posible porfa porfis dices digas todavia aun solo
        das da dar dan guardados disponible disponibles cargados otro otra otros otras lleva mio mia propio propia
        nuestro twitter internet""",
    W.PLACE_HERE: "aqui",
    W.EXIST: "hay existe existen",
    W.LAST: "ultima ultimo por_ultima_vez",
    W.EXPLAIN: "explica explicame explicar describe",
    W.ASK: "preguntar pregunto preguntarte",
    W.SHOW: "muestra muestrame ensename dame lista listado ver",
    W.ANSWERS: "respuesta respuestas citas",
    W.HOW_MUCH: "parrafo dos tres cuatro cinco seis siete ocho nueve diez",
    W.PERSON: "persona tipo hombre mujer alguien cuenta usuario",
    W.BE: "es son fue era fueron esta estan",
    W.WHO: "quien quienes",
    W.WHAT: "que cual cuales cual_es como lista listado sobre_que acerca_de_que",
    W.WHEN: "cuando que_dia hace_cuanto hace_cuanto_tiempo",
    W.WHERE: "donde adonde de_que_pagina de_que_sitio de_que_web",
    W.WHOSE: "de_quien de_quienes",
    W.HOW_MANY: "cuantos cuantas cuanto cuanta numero cantidad",
    W.HOW_LONG: "tamano como_de_largo que_tan_largo cuanto_dura mide ocupa que_extension longitud extension largo larga",
    W.LONG: "largo larga extenso extensa",
    W.HOW_OLD: """antiguedad hace_cuanto cuan_antiguo que_tan_antiguo que_tan_viejo viejo vieja nuevo nueva
        cuantos_anos_tiene cuantos_anos_tienen antiguo antigua reciente actual vigente desactualizado""",
    W.THIS: "esto este esta",
    W.THESE: "estos estas",
    W.IT: "eso ese esa ello aquello lo",
    W.YOU: "tu tus te ti tienes conoces sabes puedes usted actualizaron eres usas bot",
    W.THE: "el la los las del al",
    W.FROM: "de proviene viene sale saca sacas sacan sacaste sacaron pertenece pertenecen",
    W.TEXT: "texto hilo documento articulo escrito pagina archivo entrada publicacion contenido",
    W.TEXTS: "textos hilos documentos articulos fuentes archivos contenidos",
    W.KIND: """carta manual libro discurso charla guia informe ensayo receta acta actas transcripcion entrevista
        episodio reglamento normas poema cuento historia resena contrato boletin glosario diario comunicado
        noticia anuncio notas
        folleto faq preguntas_frecuentes grabacion audio periodico revista ponencia conferencia reportaje
        podcast video cronica columna
        tutorial instrucciones reglas estatutos apuntes editorial blog discursos sermon revista""",
    W.PART: """publicaciones posts tuits tweets parrafos partes mensajes entradas secciones capitulos paginas
        palabras frases""",
    W.WRITE: """subio subieron subido escribio escrito escrita escribieron escribir escribe publico publicado
        publicada publicaron publicar redacto redactado redactada tuiteo firmo compuso elaboro mando envio hizo
        hicieron creo salio aparecio publican publica""",
    W.FIND: "leer leo encontrar encuentro ver veo hallar conseguir consultar descargar",
    W.ORIGINAL: "original originales",
    W.SAY: "dice cuenta explica abarca cubre",
    W.ARGUE: "dice decir sostiene afirma argumenta piensa opina defiende concluye",
    W.ABOUT: "trata va habla sobre_que acerca_de_que",
    W.ON: "sobre acerca respecto",
    W.AUTHOR: "autor autora autores autoria escritor escritora redactor redactora",
    W.TITLE: "titulo",
    W.CALLED: "titula llama titulo titulado nombre",
    W.DATE: "fecha fechas fechado fechada",
    W.YEAR: "ano mes",
    W.LINK: "enlace enlaces link links url vinculo direccion web",
    W.SOURCE: "fuente",
    W.LICENSE: "licencia copyright derechos copiar",
    W.REUSE: "usar utilizar compartir copiar citar reproducir republicar reutilizar difundir",
    W.MAY: "puedo puede podemos podria permitido permite permiso permiten legal",
    W.LANGUAGE: "idioma lengua",
    W.LANGUAGE_NAME: "ingles espanol arabe castellano frances aleman",
    W.SUMMARY: """resumen resume resumelo resumela resumeme resumes resumir resumirlo resumirme sintesis sintetiza
        tldr tl_dr en_pocas_palabras""",
    W.MAIN: "principal principales clave claves central centrales importante importantes mas",
    W.POINT: "punto puntos idea ideas tema temas mensaje argumento argumentos conclusion conclusiones asunto tesis",
    W.KNOWLEDGE: """biblioteca todo conocimiento conocimientos base_de_conocimiento base_de_conocimientos
        base_de_datos datos informacion""",
    W.UPDATED: """actualizaron actualizado actualizada actualizo actualizaste actualizacion actualizados cambio
        cambiaron cambiado modificado modificaron al_dia""",
    W.ADD: "anadir anado anade anaden agregar agrego agrega subir subo sube importar incorporar aportar",
}

_ARABIC = {
    W.FILLER: """في من عن على الى هل تم قد كيف ان التي الذي اخر مرة عدد يوجد توجد فضلك لو سمحت رجاء قل لي اخبرني
        اعطني ارني استطيع يستطيع ممكن يمكن يمكنني يمكنك تستطيع اريد اعرف مرحبا شكرا يا و هناك به بها فيه فيها له
        لها جديد جديدا جملة واحدة باختصار قصير بسيط عضو اعضاء احد مجموع كل اعرض هات فيك بدي اللي تبع قام قامت متوفر
        متوفرة موجود موجودة متاح متاحة اخرى ثانية""",
    W.PLACE_HERE: "هنا",
    W.EXIST: "هناك يوجد توجد في",
    W.LAST: "اخر اخر_مرة",
    W.EXPLAIN: "اشرح اشرحي اوضح شرح",
    W.ASK: "اسال اسالك نسال السوال",
    W.SHOW: "اعرض هات ارني اذكر عدد قايمة",
    W.ANSWERS: "اجابات اجابة اجاباتك اجابتك ردودك",
    W.HOW_MUCH: "ثلاث ثلاثة اربع اربعة خمس خمسة جملتين كلمتين",
    W.PERSON: "شخص رجل امراة حساب مستخدم احد",
    W.BE: "هو هي كان كانت",
    W.WHO: "من مين منو",
    W.WHAT: "ما ماذا ماهو ماهي اي بماذا عم شو ايش ايه وش قايمة",
    W.WHEN: "متى امتى ايمتى",
    W.WHERE: "اين وين فين",
    W.WHOSE: "لمن لمين",
    W.HOW_MANY: "كم عدد",
    W.HOW_LONG: "طول حجم كم_مدة مدة",
    W.LONG: "طويل طويلة",
    W.HOW_OLD: "كم_مضى منذ_متى قديم قديمة عمر حديث حديثة جديد جديدة",
    W.THIS: "هذا هذه هاذا هذي هاذي هيدا هيدي هاد هاي ده دي دا",
    W.IT: "ذلك تلك ذاك",
    W.YOU: "لديك عندك انت تعرف تعرفها تملك معك تحديثك معرفتك مصادرك نصوصك اجاباتك اجابتك بوت",
    W.THE: "",
    W.FROM: "بقلم من تعود يعود تاتي ياتي",
    W.TEXT: "نص سلسلة وثيقة مستند مقال مقالة منشور ثريد خيط صفحة ملف كلام محتوى",
    W.TEXTS: "نصوص وثايق مستندات مقالات سلاسل مصادر ملفات نصوصك مصادرك",
    W.KIND: """رسالة كتاب دليل خطاب تقرير كتيب خطبة مقابلة محضر قصة قصيدة وصفة محاضرة حلقة دراسة بيان قواعد
        لايحة خبر اعلان مسرد
        يوميات ملاحظات بوست قطعة اسيلة_شايعة اسيلة_الشايعة بودكاست تسجيل جريدة صحيفة مجلة مراجعة مدونة
        تعليمات لقاء مقطع فيديو نشرة
        تدوينة افتتاحية""",
    W.PART: """منشورات منشور تغريدات تغريدة فقرات فقرة اجزاء جزء مشاركات رسايل قسم فصل صفحة اقسام فصول صفحات كلمات
        كلمة جمل""",
    W.WRITE: """كتب كتبت كتبه كتبها انكتب انكتبت كتابة كتابته كتابتها نشر نشرت نشره نشرها نشرو غرد الف ارسل صدر
        صدرت اعد انتج ظهر مكتوب مكتوبة""",
    W.FIND: "كيف_اصل الاقي القى اشوف اجد اقرا قراءة ايجاد احصل اطلع",
    W.ORIGINAL: "اصلي اصلية اصل",
    W.SAY: "يقول تقول يتناول تتناول",
    W.ARGUE: "يقول تقول يقصد يريد_ان_يقول يزعم يرى",
    W.ABOUT: "يتحدث تتحدث يدور تدور موضوع موضوعه يتكلم تتكلم يتناول تتناول يحكي بيحكي تحكي بتحكي",
    W.ON: "عن حول بخصوص",
    W.AUTHOR: "كاتب كاتبة كاتبه كاتبها مولف مولفة مولفه مولفها صاحب صاحبة ناشر",
    W.TITLE: "عنوان عنوانه عنوانها",
    W.CALLED: "اسم اسمه اسمها يسمى",
    W.DATE: "تاريخ تاريخه تاريخها",
    W.YEAR: "سنة عام شهر",
    W.LINK: "موقع رابط رابطه رابطا رابطها",
    W.SOURCE: "مصدر",
    W.LICENSE: "رخصة ترخيص حقوق نسخ",
    W.REUSE: "استخدام استخدم مشاركة اشارك نسخ انسخ نشر انشر اقتباس اقتبس",
    W.MAY: "يمكنني يمكن استطيع مسموح يسمح يجوز يحق ممكن فيني",
    W.LANGUAGE: "لغة لغته لغتها",
    W.LANGUAGE_NAME: "انجليزية عربية اسبانية",
    W.SUMMARY: "لخص لخصي لخصه لخصها تلخيص ملخص ملخصا خلاصة باختصار موجز اختصار تلخص",
    W.MAIN: "رييسية رييسي اهم اساسية اساسي",
    W.POINT: "نقاط نقطة افكار فكرة مواضيع محاور استنتاجات رسالة",
    W.KNOWLEDGE: "مكتبة مكتبتك معرفة معرفتك معلومات معلوماتك بيانات",
    W.UPDATED: "تحديث تحديثك تحديثها تحدثت حدثت تغيرت تغيير تعديل محدث محدثة",
    W.ADD: "اضيف اضافة يضيف تضيف تضاف اضف نضيف رفع ارفع يرفع",
}

VOCABULARIES: Mapping[str, Vocabulary] = MappingProxyType(
    {
        "en": _vocabulary("en", _ENGLISH),
        "es": _vocabulary("es", _SPANISH),
        "ar": _vocabulary("ar", _ARABIC),
    }
)
"""By language (ISO 639-1)."""
