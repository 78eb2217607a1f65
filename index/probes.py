"""Words of every language that is stemmed, written in the ways that the rules are about.

What analysis makes of them goes into its fingerprint.
"""

from collections.abc import Mapping
from typing import Final

PROBES: Final[Mapping[str, str]] = {
    "en": """Cilium's café STRASSE networking policies generously kube-proxy kubeProxy snake_case
    C++ C# v1.14.3 2.0 don't O’Reilly eBPF IPv6 config.yaml naïve ŒUVRE ﬁle résumés soft\u00adly
    日本語の検索 Ｐｙｔｈｏｎ入門 ﾊﾟﾝ 서울시 ภาษาไทย Łódź e\u0301te\u0301 १२३ ۱۲۳""",
    "ar": "والكتاب المدرسة مَكتبة",
    "ca": "l'escola col·legis",
    "cs": "příspěvky žluťoučký",
    "da": "undersøgelser København",
    "de": "Häuser Straßen Möglichkeiten schöne",
    "el": "άνθρωποι γλώσσας",
    "eo": "ĉevaloj",
    "es": "canciones años corriendo",
    "et": "raamatutega õpetajad",
    "eu": "etxeetan",
    "fa": "کتاب\u200cها می\u200cخواهم",
    "fi": "taloissa käsittelyä",
    "fr": "l'été d’accord élèves continuellement",
    "ga": "d'fhear leabhair",
    "hi": "लड़कियों किताबें",
    "hu": "házakban könyvek",
    "hy": "գրքերի",
    "id": "membaca perpustakaan",
    "it": "dell'arte città nazionale",
    "lt": "žmonėms namuose",
    "ne": "किताबहरू",
    "nl": "boekenkasten geïnteresseerd",
    "no": "forskjellige bøkene",
    "pl": "książkami żółtych",
    "pt": "nações informações",
    "ro": "cărților învățătoare",
    "ru": "ёлками чайный книгами",
    "sr": "књигама čovekom",
    "st": "dibuka",
    "sv": "människor böckerna",
    "ta": "புத்தகங்கள்",
    "tr": "İstanbul'da kitapların ışıklar",
    "yi": "ביכער",
}
