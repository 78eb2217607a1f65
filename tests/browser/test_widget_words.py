"""The words of the widgets: in the page's language, in the owner's, and right in number."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

BOX = "<signpost-search></signpost-search>"
RELATED = '<signpost-related path="/harbor/tides" limit="1"></signpost-related>'

WORDS: dict[str, tuple[str, str, str]] = {
    "de": ("1 Ergebnis.", "23 Ergebnisse, die ersten 8 in der Liste.", "Ähnliche Beiträge"),
    "es": ("1 resultado.", "23 resultados; se muestran los primeros 8.", "Artículos relacionados"),
    "fr": ("1 résultat.", "23 résultats, dont les 8 premiers ici.", "À lire aussi"),
    "ja": ("1 件見つかりました。", "23 件中、最初の 8 件を表示しています。", "関連記事"),
    "pt": ("1 resultado.", "23 resultados; aqui estão os primeiros 8.", "Artigos relacionados"),
    "zh": ("共 1 条结果。", "共 23 条结果\uff0c此处列出前 8 条。", "相关文章"),
}

LABELS = """async () => {
  const { ENGLISH } = await import('/static/signpost.js');
  const all = { en: ENGLISH };
  for (const code of %s)
    all[code] = (await import(`/static/signpost.${code}.js`)).default;
  return all;
}"""


@pytest.mark.parametrize("code", WORDS)
def test_the_widgets_speak_the_language_of_the_page(
    page: Page, show: Callable[..., None], code: str
) -> None:
    one, many, related = WORDS[code]
    show(BOX + RELATED, f'lang="{code}"')
    box = page.get_by_role("combobox")
    box.fill("sandbank")
    expect(page.get_by_role("status")).to_have_text(one)
    box.fill("ferry")
    expect(page.get_by_role("status")).to_have_text(many)
    expect(page.locator("signpost-related [part=heading]")).to_have_text(related)


def test_every_language_has_every_label_with_what_stands_in_it(
    page: Page, show: Callable[..., None]
) -> None:
    show(BOX)
    labels = page.evaluate(LABELS % json.dumps(list(WORDS)))

    def placeholders(label: str | dict[str, str]) -> list[set[str]]:
        forms = [label] if isinstance(label, str) else list(label.values())
        return [set(re.findall(r"{(\w+)}", form)) for form in forms]

    assert set(labels) == {"en", *WORDS}
    for code, table in labels.items():
        assert {*table, "separator"} == set(labels["en"]), code
        for name, label in table.items():
            wanted = placeholders(labels["en"][name])[0]
            assert all(found == wanted for found in placeholders(label)), (code, name)
            assert isinstance(label, str) or "other" in label, (code, name)


def test_a_part_of_a_page_may_speak_another_language(page: Page, show: Callable[..., None]) -> None:
    show(f'<div lang="de-AT">{RELATED}</div>', 'lang="en"')
    expect(page.get_by_role("heading", name="Ähnliche Beiträge")).to_be_visible()
    expect(page.locator("[part=reason]")).to_contain_text("21. Oktober 2023")


def test_reasons_and_dates_are_written_as_the_language_writes_them(
    page: Page, show: Callable[..., None]
) -> None:
    show(RELATED, 'lang="ja"')
    expect(page.locator("[part=reason]")).to_contain_text("どちらもタグがNavigation")
    expect(page.locator("[part=reason]")).to_contain_text("2023年10月21日")


def test_only_the_language_that_is_needed_is_loaded(page: Page, show: Callable[..., None]) -> None:
    loaded: list[str] = []
    page.on("request", lambda sent: loaded.append(sent.url.rpartition("/")[2]))
    show(BOX, 'lang="fr-CA"')
    page.get_by_role("combobox").wait_for()
    assert [name for name in loaded if name.startswith("signpost.")] == [
        "signpost.js",
        "signpost.css",
        "signpost.fr.js",
    ]


@pytest.mark.parametrize("attributes", ["", 'lang="fy"', 'lang="not_a language"', 'lang="en-x"'])
def test_in_other_languages_they_speak_english(
    page: Page, show: Callable[..., None], attributes: str
) -> None:
    show(BOX, attributes)
    page.get_by_role("combobox").fill("ferry")
    expect(page.get_by_role("status")).to_have_text("23 results, the first 8 listed.")


def test_a_language_that_cannot_be_loaded_leaves_english(
    page: Page, show: Callable[..., None], complaints: list[str]
) -> None:
    page.route("**/signpost.de.js", lambda route: route.abort())
    show(BOX, 'lang="de"')
    page.get_by_role("combobox").fill("sandbank")
    expect(page.get_by_role("status")).to_have_text("1 result.")
    complaints.clear()


def test_the_owner_may_call_things_otherwise(page: Page, show: Callable[..., None]) -> None:
    labels = {"search": "Sykje", "found": {"one": "{count} treffer.", "other": "{count} treffers."}}
    script = f'<script type="application/json">{json.dumps(labels)}</script>'
    show(f"<signpost-search>{script}</signpost-search>", 'lang="fy"')
    page.get_by_role("combobox", name="Sykje").fill("pier")
    expect(page.get_by_role("status")).to_have_text("2 treffers.")
    page.get_by_role("combobox").fill("xylophone ")
    expect(page.locator("[part=note]")).to_contain_text("Nothing found for")


def test_the_owner_may_rename_the_reasons(page: Page, show: Callable[..., None]) -> None:
    script = '<script type="application/json">{"both_tag": "shared: {words}"}</script>'
    show(RELATED.replace("></", f">{script}</"))
    expect(page.locator("[part=reason]")).to_contain_text(
        re.compile("shared: Navigation", re.IGNORECASE)
    )


def test_labels_that_are_no_json_are_reported_and_passed_over(
    page: Page, show: Callable[..., None], complaints: list[str]
) -> None:
    script = '<script type="application/json">{search: 1}</script>'
    show(f"<signpost-search>{script}</signpost-search>")
    page.get_by_role("combobox", name="Search").fill("sandbank")
    expect(page.get_by_role("status")).to_have_text("1 result.")
    assert "These labels are not JSON" in complaints.pop()
