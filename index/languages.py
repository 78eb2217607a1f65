"""What analysis knows of single languages: codes, stemmers, articles and stop words.

A language is named as front matter names it (`de`, `de-AT`, `pt_BR`, `german`) and known by its
code of two letters. A language without a Snowball stemmer is none the worse for it: its words are
folded, and left whole.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

import Stemmer
from whoosh.lang.stopwords import stoplists

from index.folding import fold

DEFAULT_LANGUAGE: Final = "en"
"""The language of posts that name none, on a site that names none."""

_STEMMED: Final = {
    "ar": "arabic ara",
    "ca": "catalan cat valencian",
    "cs": "czech ces cze",
    "da": "danish dan",
    "de": "german deu ger deutsch",
    "el": "greek ell gre",
    "en": "english eng",
    "eo": "esperanto epo",
    "es": "spanish spa español castilian",
    "et": "estonian est",
    "eu": "basque eus baq",
    "fa": "persian fas per farsi",
    "fi": "finnish fin",
    "fr": "french fra fre français",
    "ga": "irish gle gaelic",
    "hi": "hindi hin",
    "hu": "hungarian hun",
    "hy": "armenian hye arm",
    "id": "indonesian ind in",
    "it": "italian ita italiano",
    "lt": "lithuanian lit",
    "ne": "nepali nep",
    "nl": "dutch nld dut flemish",
    "no": "norwegian nor nb nob nn nno",
    "pl": "polish pol",
    "pt": "portuguese por português",
    "ro": "romanian ron rum mo",
    "ru": "russian rus",
    "sr": "serbian srp",
    "st": "sesotho sot",
    "sv": "swedish swe",
    "ta": "tamil tam",
    "tr": "turkish tur",
    "yi": "yiddish yid ji",
}
"""The languages that have a stemmer, by ISO 639-1. First Snowball's name for the algorithm, then
what else people write: ISO 639-2, the language's own name, varieties, and codes of the past."""

_UNSTEMMED: Final = {
    "ja": "japanese jpn",
    "ko": "korean kor",
    "th": "thai tha",
    "uk": "ukrainian ukr",
    "zh": "chinese zho chi",
}
"""Languages without a stemmer that people may well write in other ways than by their codes."""

_CODES: Final[Mapping[str, str]] = {
    name: code for code, names in (_STEMMED | _UNSTEMMED).items() for name in names.split()
}

_ARTICLES: Final[Mapping[str, re.Pattern[str]]] = {
    language: re.compile(rf"(?:{'|'.join(articles.split())})['’](?=\w)", re.IGNORECASE)
    for language, articles in {
        "ca": "d l m n s t",
        "fr": "c d j l m n s t qu jusqu lorsqu puisqu quoiqu",
        "ga": "b d m",
        "it": "c d l m s t v gl un all coll dall dell nell sull agl dagl degl negl sugl",
    }.items()
}
"""Small words that lose their vowel and lean on the next word: `l'été`, `dell'arte`."""

_ENDINGS: Final[Mapping[str, re.Pattern[str]]] = {
    "en": re.compile(r"['’]s$", re.IGNORECASE),  # Cilium's
    "tr": re.compile(r"(?<=\w)['’]\w+$"),  # İstanbul'da: what follows a name is its case
}
"""What an apostrophe sets off at the end of a word."""

STOP_WORDS = frozenset(
    """a about all am an and any are as at be been being but by can could did do does doing for
    from get had has have having he her here hers him his how i if in into is it its me my no nor
    not of off on or our ours out own she should so some such than that the their theirs them then
    there these they this those to too very was we were what when where which while who whom why
    will with would you your yours
    arent cant couldnt didnt doesnt dont hadnt hasnt havent id im isnt itll ive lets shes shouldnt
    thats theres theyre theyve theyll wasnt werent weve whats wont wouldnt youd youll youre
    youve""".split()
)
"""Folded words that say little about an English post: never required of a hit, never a reason."""

_MORE_STOP_WORDS: Final[Mapping[str, str]] = {
    "de": "wann warum wer wen wem",
    "fr": "cet cette ceux cela ça comment où quand pourquoi quel quelle quels quelles leurs",
    "it": "quando",
    "nl": "waar waarom wanneer welke",
    "pt": "é onde porque",
}
"""Question words and a few others that Snowball's lists lack, and questions begin with."""

_TELLING_WORDS: Final[Mapping[str, str]] = {
    "es": "estado estados estada estadas sentid sentida sentidas sentido sentidos siente",
    "fr": "ai as été étés",
    "hu": "cikk cikkek cikkeket jó keressünk nagy nagyobb nagyon teljes új újabb újra utolsó",
    "it": "ai facciate",
    "ru": "лучше хорошо",
}
"""Words of Snowball's lists that can be what a post is about: a state, a façade, the summer, AI."""


@lru_cache(maxsize=1024)
def language_code(written: str) -> str:
    """The code of a language as people write it, without region; unknown ones as they are.

    `de-AT` and `german` are `de`; `nb` and `nn` are `no`; `tlh` stays `tlh`.
    """
    primary = re.split(r"[-_.@\s]", written.strip().lower(), maxsplit=1)[0]
    return _CODES.get(primary, primary)


def language_tag(written: str) -> str:
    """A language with its region, so that `zh-tw` is not `zh-cn`; DEFAULT_LANGUAGE for none.

    `de_AT` is `de-at`, `german` is `de`.
    """
    name = re.split(r"[.@\s]", written.strip().lower(), maxsplit=1)[0]
    language, _, region = name.replace("_", "-").partition("-")
    code = language_code(language) or DEFAULT_LANGUAGE
    return f"{code}-{region}" if region else code


def stemmed(word: str, code: str) -> str:
    """The Snowball stem of a word in small letters; the word itself where there is no stemmer."""
    stemmer = _stemmer(code)
    return str(stemmer.stemWord(word)) if stemmer else word


def in_small_letters(word: str, code: str) -> str:
    """`word` with the letters changed whose case is a language's own: the Turkish dotless i."""
    return word.replace("İ", "i").replace("I", "ı") if code == "tr" else word


def without_affixes(word: str, code: str) -> str:
    """`word` without what an apostrophe joins to it: articles, the English 's, Turkish cases."""
    if article := _ARTICLES.get(code):
        word = word[found.end() :] if (found := article.match(word)) else word
    if ending := _ENDINGS.get(code):
        word = ending.sub("", word)
    return word


@cache
def stop_words(language: str) -> frozenset[str]:
    """Folded words that say little in a language; none for a language without a list.

    The English list is our own, and short. Others are Snowball's, which have articles, pronouns,
    prepositions and auxiliary verbs, as Whoosh carries them, with a few taken out and put in.
    """
    code = language_code(language)
    return STOP_WORDS if code == "en" else frozenset(map(fold, written_stop_words(code)))


@cache
def written_stop_words(code: str) -> frozenset[str]:
    """The stop words of a language with their accents, which stemmers want."""
    if code == "en":
        return STOP_WORDS
    telling = set(map(fold, _TELLING_WORDS.get(code, "").split()))
    listed = [*stoplists.get(code, ()), *_MORE_STOP_WORDS.get(code, "").split()]
    return frozenset(word for word in listed if fold(word) not in telling)


@cache
def _stemmer(code: str) -> Stemmer.Stemmer | None:
    names = _STEMMED.get(code)
    # What is asked again and again is remembered by those who ask; its own cache only costs time.
    return Stemmer.Stemmer(names.split()[0], 0) if names else None
