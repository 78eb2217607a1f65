"""The sites that every engine answers from: each with a purpose, none with more than it needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from index.build import BuildOptions
from tests.engine_contract.ledger import LEDGER


@dataclass(frozen=True)
class Site:
    """The files of a site by their paths, and how it is built."""

    files: Mapping[str, str]
    options: BuildOptions = field(default_factory=BuildOptions)


def post(head: str, body: str = "") -> str:
    """A post's file: its front matter, with or without a body."""
    return f"---\n{head}\n---\n{body}\n"


HARBOR: Final = {
    "lighthouse.md": post(
        """title: The lighthouse
date: 2024-03-01
lastmod: 2024-04-05
summary: How the tower came to its lamp.
image: /img/tower.png
tags: [Light, Navigation]
categories: [Harbor]
authors: [Ada Quay]
lang: en
aliases: [/old/tower, /beacon]""",
        """The lamp turns all night above the harbor mouth. Ships from the sea look for it.

## The lens

A lens of ground glass throws the beam thirty miles. Brass polish keeps the lens bright.

## The keeper

The keeper climbs a spiral stair at dusk, trims the lamp, and logs each ship that passes.
""",
    ),
    "lighthouse.de.md": post(
        """title: Der Leuchtturm
date: 2024-03-02
tags: [Light]
categories: [Harbor]
authors: [Jörg Müller]""",
        """Die Lampe dreht sich die ganze Nacht. Schöne Häuser stehen am Straßenrand.

## Die Linse

Eine Linse aus Glas wirft den Strahl weit hinaus.
""",
    ),
    "todai.md": post(
        "title: 灯台の歴史\ndate: 2021-07-01\nlang: ja\ntags: [Light]\ncategories: [History]",
        "古い灯台は港を照らす。日本語の検索を試す。",
    ),
    "fog-horn.md": post(
        "title: Fog horn\ndate: 2023-11-20\ntags: [Sound, Navigation]\ncategories: [Harbor]\n"
        "authors: [Ben Rowe]",
        "When the lighthouse is hidden by fog, the horn sounds twice a minute.\n",
    ),
    "pilot.md": post(
        "title: Pilot boats\ndate: 2022-05-10\ntags: [Boats, navigation]\ncategories: [Harbor]\n"
        "authors: [Ada Quay, Ben Rowe]",
        "A pilot comes aboard where the channel narrows. See [the lighthouse](/lighthouse) and "
        "[the horn](fog-horn.md).\n",
    ),
    "dredging.md": post(
        "title: Dredging the channel\ndate: 2020-09-01\ntags: [Works]\ncategories: [Works]\n"
        "authors: [Cleo Mast]",
        "Silt fills the channel each spring. A dredger lifts silt and sand by the bucket.\n",
    ),
    "gulls-1.md": post(
        "title: Gulls over the pier\ndate: 2019-01-01\ntags: [Birds]\nsearch: {boost: 5}",
        "Gulls steal chips.",
    ),
    "gulls-2.md": post(
        "title: Gulls over the quay\ndate: 2019-01-02\ntags: [Birds]", "Gulls steal chips."
    ),
    "visit.md": post(
        """title: Coming to see us
date: 2024-05-01
isPopular: true
categories: [Visitors]
search:
  pin: [opening hours, Öffnungszeiten]
  keywords: [admission]""",
        "Gates open at nine. Bring boots, and no dogs.",
    ),
    "storm.md": post(
        "title: The storm of the century\ndate: 2018-02-03\nfeatured: true\ntags: [Weather]\n"
        "categories: [History]\nauthors: [Cleo Mast]",
        "Waves broke over the breakwater for three days. Nobody slept; the lamp stayed lit.\n",
    ),
    "chart.md": post(
        "title: Chart of the bay\ndate: 2022-08-08\nexternal_url: https://charts.example/bay\n"
        "tags: [Navigation]",
        "## Soundings of the bay\n\nDepths of the bay in fathoms.\n\n## Bay of plenty\n\nThe bay.",
    ),
    "glossary.md": post(
        "title: Words of the harbor",
        "A bollard holds a rope. A fathom is six feet. A gull is a bird of the coast.",
    ),
    "markup.md": post(
        'title: "<b>Locks</b> & gates"\ndate: 2021-01-05\ntags: [Works]',
        "The sluice checks `a < b && c > d` before it turns. The \\<sluice\\> hums.",
    ),
    "draft.md": post("title: Moorings in secret\ndraft: true", "Zanzibar is what nobody may read."),
    "kube-proxy.md": post(
        "title: Replacing kube-proxy\ndate: 2023-02-01\ntags: [Software]\ncategories: [Software]\n"
        "authors: [Dan Ito]",
        """We run without kube-proxy now.

## Flags

Start it with `--dry-run` first:

```
agent --dry-run --kube-proxy-replacement=strict
```

## Files

The agent reads /etc/hosts and `max_open_files`.
""",
    ),
    "bindings.md": post(
        "title: Bindings in C++\ndate: 2023-03-01\ntags: [Software, C++]\ncategories: [Software]\n"
        "authors: [Dan Ito]",
        "Our C++ bindings call maxOpenFiles, and parseHTTPHeader.\n",
    ),
    "release.md": post(
        "title: Release v1.14.3\ndate: 2023-04-01\ntags: [Software, Releases]\n"
        "categories: [Software]\nauthors: [Dan Ito]",
        "Version v1.14.3 mends what v1.14.2 broke. Data from weather.gov is read again.\n",
    ),
    "knots-1.md": post(
        "title: Knots, part 1\ndate: 2021-03-01\ntags: [Ropes]\ncategories: [Handbook]",
        "A bowline is a loop that holds.",
    ),
    "knots-2.md": post(
        "title: Knots, part 2\ndate: 2021-03-08\ntags: [Ropes]\ncategories: [Handbook]",
        "A clove hitch ties a rope to a bollard.",
    ),
    "knots-3.md": post(
        "title: Knots, part 3\ndate: 2021-03-15\ntags: [Ropes]\ncategories: [Handbook]",
        "A splice joins two ropes for good.",
    ),
    "pinned.md": post(
        "title: Painting hulls\ndate: 2022-02-02\nrelated: [/glossary, /storm]\ntags: [Works]",
        "Red lead below the waterline, and two coats of black above it.",
    ),
}
"""A blog with everything: labels, dates and none, languages, a series, a translation, pins, boosts,
an alias, a post that opens elsewhere, a draft, code, identifiers and links."""

SAME: Final = "title: Fern\ndate: {}"
TIES: Final = {
    "b.md": post(SAME.format("2022-01-01"), "Green."),
    "a.md": post(SAME.format("2022-01-01"), "Green."),
    "c.md": post(SAME.format("2023-01-01"), "Green."),
    "e.md": post("title: Fern", "Green."),
    "d.md": post("title: Fern", "Green."),
    "sub/z.md": post(SAME.format("2022-01-01T12:00:00Z"), "Green."),
}
"""Posts that say the same, so that only dates and paths tell them apart."""

ALOE: Final = {
    "aloe.md": post(
        "title: Aloe",
        """Watering an aloe is easy.

## Watering in summer

Water once a week.

## Light

It wants light, and no water on its leaves.

## Water and pots

A pot that holds water harms it. Water less.

## Watering in winter

Once a month.

## Watering seedlings

Mist them.
""",
    )
}
"""A single post of several sections."""

WEATHER: Final = (
    {f"{n}.md": post(f"title: Day {n}", "The weather of a day.") for n in range(20)}
    | {f"case{n}.md": post(f"title: Case {n}", "A network and its policy.") for n in range(6)}
    | {
        "water.md": post("title: Water", "A network and its polder, and some more."),
        "resume.md": post("title: Note\ndate: 2020-01-01", "A resume and more."),
        "resume-accents.md": post("title: Note\ndate: 2021-01-01", "A résumé and more."),
    }
)
"""Words that many posts have beside words that few have, and words with and without accents."""

TUNED: Final = {
    "k8s.md": post("title: Clusters\ndate: 2024-01-01", "Running k8s at home."),
    "kubernetes.md": post("title: Orchestra\ndate: 2023-01-01", "Kubernetes runs containers."),
    "archive/balancer.md": post(
        "title: Doors\ndate: 2020-01-01", "A load balancer for Acme doors."
    ),
    "lb.md": post("title: Gates\ndate: 2024-01-01", "An lb in front of the gates, by Acme."),
    "undated.md": post("title: Timeless", "Gates and doors."),
}
"""For what the settings say of searching."""

NETWORKS: Final = {
    "a.md": post(
        "title: Network policies\ndate: 2024-01-01\ntags: [Networking]",
        "A network policy is for pods.",
    ),
    "b.md": post(
        "title: Routes\ndate: 2024-01-02\ntags: [Networking, Cluster Mesh]",
        "A network policy helps.",
    ),
    "c.md": post(
        "title: Network maps\ndate: 2024-01-03\ntags: [nets]",
        "The network policy of a cluster mesh.",
    ),
    "d.md": post(
        "title: A new network\ndate: 2024-01-04\ntags: [Netherlands]",
        "Our cluster mesh needs a zero trust.",
    ),
    "e.md": post(
        "title: Networks at home\ndate: 2024-01-05\nfeatured: true",
        "A cluster mesh has zero trust.",
    ),
    "f.md": post(
        "title: Zero trust\ndate: 2024-01-06\ntags: [Zero-Trust]",
        "Some zero trust helps. Go to Zermatt.",
    ),
    "g.md": post(
        "title: The netting\ndate: 2024-01-07\ntags: [Open source]", "A zero trust model."
    ),
    "h.md": post("title: Straße über Köln\ndate: 2024-01-08\ntags: [zero trust, O’Reilly]"),
}
"""For completions: tags, phrases and titles that begin alike."""

LANTERNS: Final = {
    "source.md": post(
        "title: Lanterns\ncategories: [Light]\nrelated: [/pinned]", "A lantern of brass and glass."
    ),
    "pinned.md": post("title: Entirely else", "Oranges, lemons."),
    "similar.md": post("title: A brass lantern", "Glass and brass make the lantern."),
    "same.md": post("title: Dusk\ncategories: [Light]", "Evening falls."),
    "well.md": post("title: Anchovies\nisPopular: true", "Salted fish."),
    "newer.md": post("title: Umbrellas\ndate: 2024-01-01", "Rain."),
    "older.md": post("title: Gravel\ndate: 2020-01-01", "Stones."),
}
"""One post for each rung of a related list."""

MILL: Final = (
    "The mill grinds rye and barley between two stones that the water turns all night. Farmers "
    "bring sacks on carts, wait in the yard, talk of prices, hail and horses, and pay in flour. "
    "A wheel of oak, tarred each spring, drives shafts, cogs and hoppers; sieves part bran from "
    "dust. The miller, deaf since youth, feels through his boots when a bearing runs dry."
)
VILLAGE: Final = {
    "mill.md": post("title: The mill", MILL),
    "mill-1.md": post("title: The mill", f"{MILL} Roofed."),
    "mill-2.md": post("title: The mill", f"{MILL} Roofed twice."),
    "oven.md": post(
        "title: Baking\ndate: 2020-01-01\ncategories: [Bread]",
        "The oven bakes rye bread; the baker buys from the mill and sells at the market.",
    ),
    "river.md": post(
        "title: Floods\ndate: 2024-01-01\nlang: en",
        "The river turns the mill, floods the meadow, and carries boats down to the town.",
    ),
    "other.md": post("title: Anchovies\ndate: 2023-01-01", "Salted fish in tins."),
}
"""Near-duplicates, and posts that are none."""

KITES: Final = {
    "now.md": post("title: Kites\ndate: 2024-06-01", "Wind, string, paper, glue and reeds."),
    "old.md": post(
        "title: Kites of old\ndate: 2014-06-01", "Kites are made of string, paper, glue, reeds."
    ),
    "new.md": post(
        "title: Weather\ndate: 2024-05-01", "Wind, string and paper, says the forecast."
    ),
}
"""Posts of different age."""

KNOTS: Final = {
    f"knots-{n}.md": post(f"title: Knots, part {n}\ndate: 202{n}-01-01", f"Part of the {said}.")
    for n, said in enumerate(["", "rope", "rope and cord", "bowline", "hitch"])
    if n
} | {
    "rope.md": post("title: Rope", "Rope, cord, bowline and hitch."),
    "pinning.md": post(
        "title: Sailing\ndate: 2026-01-01\nrelated: [/rope, /lone, /knots-4]\nseries: Sails",
        "Canvas and wind.",
    ),
    "reefing.md": post("title: Reefing\ndate: 2026-02-01\nseries: sails", "Less canvas."),
    "lone.md": post("title: Alone\nseries: Nothing else", "Solitude."),
}
"""Two series, and one of a single part."""

BOATS: Final = {
    "boat.md": post("title: Building a boat\nlang: en", "Keel, ribs, planks; pitch and oakum."),
    "boat.de.md": post("title: Ein Boot bauen", "Kiel, Spanten, Planken; pitch and oakum."),
    "pitch.md": post("title: Pitch\nlang: en", "Pitch and oakum keep water out of planks."),
    "pech.md": post("title: Pech\nlang: de", "Pitch and oakum: Planken bleiben dicht."),
    "tin.md": post("title: Tin\nlang: en", "Pitch dark mines."),
}
"""A translation, among posts of both languages."""

SHELVES: Final = {
    "bees.md": post("title: Bees\ntags: [Insects]", "Bees and their hives."),
    "wasps.md": post("title: Wasps\ntags: [Insects]", "Wasps are no bees; hives are theirs."),
    "ovens.md": post("title: Ovens\ntags: [Kitchen]", "Ovens bake bread."),
    "bread.md": post("title: Bread\ntags: [Kitchen]", "Bread comes from ovens."),
    "sea.md": post("title: The sea\ndate: 2024-01-01", "Salt water."),
    "moon.md": post("title: The moon\ndate: 2023-01-01\nisPopular: true", "Far away."),
}
"""Two subjects, for readers of both."""

FARM: Final = {
    "pump.md": post(
        "title: Repairing a hand pump\ntags: [Water, Tools]",
        "The leather of the pump wears out first. Valves stick in winter.",
    ),
    "well.md": post(
        "title: Digging a shallow well\ntags: [Water]",
        "A pump on the well saves the back. Line it with brick; valves keep water up.",
    ),
    "saw.md": post("title: Sharpening saws\ntags: [Tools, Wood]", "File every second tooth."),
    "fence.md": post("title: Split oak fences\ntags: [Wood, Oak]", "Rails of oak last."),
    "bees.md": post("title: Bees\ntags: [Animals]", "They swarm in May."),
    "hens.md": post("title: Hens in winter\ntags: [Animals]", "Hens lay less in the dark."),
}
"""For texts that are no posts."""

LANGUAGES: Final = {
    "en.md": post(
        "title: Networks\nlang: en",
        "The résumé of what’s new in networking. Try Café-Bars.",
    ),
    "resume.md": post("title: Pausing\nlang: en-GB", "They resume where the network stopped."),
    "de.md": post("title: Häuser bauen\nlang: de-AT", "Möglichkeiten, schöne Straßen zu bauen."),
    "fr.md": post("title: L’été\nlang: fr", "Les élèves d’une école créent des œuvres."),
    "pt.md": post("title: Notas\nlang: pt_BR", "Toda a informação das nações."),
    "ja.md": post("title: Python入門書\nlang: ja", "黒猫が日本語の検索を試す。"),
    "ko.md": post("title: 한국어\nlang: ko", "서울시에서 배우는 검색"),
    "th.md": post("title: ภาษาไทย\nlang: th", "การค้นหาข้อความ"),
    "none.md": post("title: Unnamed", "Soft\u00adly spoken, e\u0301te\u0301."),
}
"""Posts in eight languages, and one in none."""

SITES: Final = {
    "harbor": Site(HARBOR, BuildOptions(base_url="https://harbor.example")),
    "ties": Site(TIES),
    "aloe": Site(ALOE, BuildOptions(base_url="https://aloe.example/site")),
    "weather": Site(WEATHER),
    "tuned": Site(TUNED),
    "networks": Site(NETWORKS, BuildOptions(base_url="https://net.example")),
    "lanterns": Site(LANTERNS),
    "village": Site(VILLAGE),
    "kites": Site(KITES),
    "knots": Site(KNOTS),
    "boats": Site(BOATS),
    "shelves": Site(SHELVES),
    "farm": Site(FARM, BuildOptions(base_url="https://farm.example/site")),
    "languages": Site(LANGUAGES),
    "ledger": Site(LEDGER),
}
