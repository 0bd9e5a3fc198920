"""Content laid over content, and every way in which content can be wrong."""

from __future__ import annotations

import dataclasses
import pickle
from pathlib import Path

import pytest

from dialogs.library import BadContent, Library, Policy, load
from tests.corpus.messages import read

OURS = load()

NEW_CAUSE = """
title = "Badge reader offline"
who = ["administrator"]
verdict = "**The badge reader of {connector|the door} is offline**"
fix = "Facilities can restart it, in about ten minutes."
help = "https://contoso.example/badges"
related = ["account-blocked"]
start = "call"

[steps.call]
say = "Call facilities and have them restart it. The light turns green."
done = "resubmit"
failing = "person"
choices.no-phone = "mail"

[steps.mail]
say = "Send this to facilities."
send = "The reader is offline - Flow: {flow}"
done = "resubmit"

[labels]
no-phone = "I cannot call"
"""


def put(root: Path, name: str, text: str) -> Path:
    """Write one file of a deployer's folder, and return the folder."""
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return root


def complaint(root: Path) -> str:
    with pytest.raises(BadContent) as caught:
        load(root)
    said = str(caught.value)
    assert "\n" not in said
    return said


def test_has_every_cause_in_every_language() -> None:
    assert len(OURS.causes) >= 24
    assert {"en", "ko"} <= set(OURS.languages)
    assert all(
        OURS.playbooks[language].keys() == OURS.playbooks["en"].keys() for language in ["en", "ko"]
    )


def test_korean_lacks_nothing() -> None:
    assert OURS.gaps["ko"] == ()


def test_common_steps_join_only_where_they_are_reached() -> None:
    steps = OURS.playbook("password-changed", "en").steps

    assert {"fix-connection", "check", "resubmit"} <= steps.keys()
    assert "resubmit" in OURS.playbook("sign-in-again", "ko").steps
    assert "use-own" not in OURS.playbook("data-policy", "en").steps


def test_a_step_of_its_own_wins_over_the_common_one_in_both_languages() -> None:
    own = OURS.playbook("password-expired", "en").steps["ask-owner"]
    common = OURS.playbook("password-changed", "en").steps["ask-owner"]

    assert own.say != common.say
    assert OURS.playbook("password-expired", "ko").steps["ask-owner"].say != (
        OURS.playbook("password-changed", "ko").steps["ask-owner"].say
    )


@pytest.mark.parametrize(
    ("connector", "thing"),
    [
        (None, "that site, list, mailbox, file or team"),
        ("SharePoint", "that site or list"),
        ("OneDrive for Business", "that file or folder"),
        ("Salesforce", "what the step uses"),
    ],
)
def test_words_can_depend_on_the_connector(connector: str | None, thing: str) -> None:
    assert OURS.playbook("not-permitted", "en").fitting(connector)["thing"] == thing


def test_a_connector_without_words_has_those_of_any_where_there_are_no_others(
    tmp_path: Path,
) -> None:
    words = "fix = 'Wait {long}.'\n[by_connector.long]\nany = 'a while'\n'Outlook.com' = 'a day'"
    book = load(put(tmp_path, "playbooks/transient.toml", words))

    fitting = book.playbook("transient", "en").fitting
    assert [fitting(one)["long"] for one in ("Slack", "Outlook.com")] == ["a while", "a day"]
    assert 'transient: by_connector.long."Outlook.com"' in book.gaps["ko"]


def test_an_unknown_language_is_answered_in_english() -> None:
    assert OURS.playbook("transient", "xx") == OURS.playbook("transient", "en")
    assert OURS.phrase("kept", "xx") == OURS.phrase("kept", "en")


def test_loading_english_leaves_the_files_of_other_languages_closed(tmp_path: Path) -> None:
    broken = put(tmp_path, "locales/ko/transient.toml", "this is no TOML")

    assert load(broken, languages=("en",)).languages == ("en",)


def test_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        OURS.policy = Policy()  # type: ignore[misc]


def test_a_label_is_the_playbooks_own_or_the_shared_one() -> None:
    playbook = OURS.playbook("app-secret", "en")

    assert OURS.label("own-app", "en", playbook) == "I own the app"
    assert OURS.label("done", "ko", OURS.playbook("app-secret", "ko")) == "완료"


class TestADeployersFolder:
    def test_lies_over_ours_key_by_key(self, tmp_path: Path) -> None:
        put(tmp_path, "playbooks/data-policy.toml", 'help = "https://contoso.example/dlp"')
        put(tmp_path, "playbooks/_words.toml", '[phrases]\npassing = "On to Contoso IT."')
        put(tmp_path, "lookalikes/throttling.toml", 'title = "Too many calls"')

        book = load(tmp_path)

        assert book.playbook("data-policy", "ko").help == "https://contoso.example/dlp"
        assert book.playbook("data-policy", "en").title == OURS.playbook("data-policy", "en").title
        assert book.phrase("passing", "en") == "On to Contoso IT."
        assert book.phrase("passing", "ko") == OURS.phrase("passing", "ko")
        assert book.lookalike("throttling", "en").title == "Too many calls"

    def test_may_reword_a_common_step_in_one_cause_or_in_all(self, tmp_path: Path) -> None:
        put(tmp_path, "playbooks/password-changed.toml", '[steps.check]\nsay = "Look here."')
        put(tmp_path, "playbooks/_common.toml", '[steps.resubmit]\nsay = "Run it again."')

        book = load(tmp_path)

        assert book.playbook("password-changed", "en").steps["check"].say == "Look here."
        assert book.playbook("password-changed", "en").steps["check"].done == "resubmit"
        assert book.playbook("sign-in-again", "en").steps["check"].say != "Look here."
        assert book.playbook("sign-in-again", "en").steps["resubmit"].say == "Run it again."

    def test_may_bring_a_cause_and_a_language(self, tmp_path: Path) -> None:
        put(tmp_path, "playbooks/badge-reader.toml", NEW_CAUSE)
        put(tmp_path, "locales/ko/badge-reader.toml", 'title = "출입 단말기 꺼짐"')
        put(tmp_path, "locales/de/_words.toml", 'name = "Deutsch"\n[labels]\ndone = "Erledigt"')

        book = load(tmp_path)

        assert book.playbook("badge-reader", "ko").title == "출입 단말기 꺼짐"
        assert book.playbook("badge-reader", "de").title == "Badge reader offline"
        assert {"resubmit", "call", "mail"} == book.playbook("badge-reader", "en").steps.keys()
        assert book.languages == ("en", "de", "ko")
        assert book.label("done", "de") == "Erledigt"
        assert book.words["de"].name == "Deutsch"
        assert "_words: labels.failing" in book.gaps["de"]
        assert "badge-reader: verdict" in book.gaps["ko"]

    def test_does_not_have_to_hold_anything(self, tmp_path: Path) -> None:
        (tmp_path / ".git").mkdir()
        (tmp_path / "README.md").write_text("ours")

        assert load(tmp_path) == dataclasses.replace(OURS)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("playbooks/transient.toml", "title = ", "playbooks/transient.toml: Invalid value (at"),
        (
            "playbooks/transient.toml",
            "tittle = 'x'",
            "playbooks/transient.toml: tittle: unknown key",
        ),
        (
            "playbooks/transient.toml",
            "[steps.wait]\nsai = 'x'",
            "playbooks/transient.toml: steps.wait.sai: unknown key",
        ),
        (
            "playbooks/transient.toml",
            "[steps.wait]\ndone = 'wat'",
            "playbooks/transient.toml: steps.wait.done: leads nowhere: 'wat' is no step",
        ),
        (
            "playbooks/transient.toml",
            "start = 'wat'",
            "playbooks/transient.toml: start: leads nowhere: 'wat' is no step",
        ),
        (
            "playbooks/transient.toml",
            "[steps.extra]\nsay = 'x'\ndone = 'fixed'",
            "playbooks/transient.toml: steps.extra: no way leads to this step",
        ),
        (
            "playbooks/transient.toml",
            "[steps.wait]\ndone = 'stuck'\n[steps.stuck]\nsay = 'x'\ndone = 'person'",
            "playbooks/transient.toml: steps.stuck: no way leads from this step to 'fixed'",
        ),
        (
            "playbooks/transient.toml",
            "[steps.wait]\ndone = 'fixed'\nfailing = 'person'",
            "dialogs/playbooks/transient.toml (under",
        ),
        (
            "playbooks/transient.toml",
            "verdict = '**The {conector} broke**'",
            "playbooks/transient.toml: verdict: unknown placeholder {conector}",
        ),
        (
            "playbooks/transient.toml",
            "[steps.wait]\nsay = 'Account {account}'",
            "playbooks/transient.toml: steps.wait.say: unknown placeholder {account}",
        ),
        (
            "playbooks/not-permitted.toml",
            "[by_connector.thing]\nany = 'what {connector} uses'",
            "playbooks/not-permitted.toml: by_connector.thing.any: unknown placeholder {connector}",
        ),
        (
            "playbooks/transient.toml",
            "[by_connector.code]\nany = 'x'",
            "playbooks/transient.toml: by_connector.code: every text has this placeholder already",
        ),
        (
            "playbooks/transient.toml",
            "[by_connector.hint]\nSharePoint = 'x'",
            "playbooks/transient.toml: by_connector.hint: 'any' is missing",
        ),
        (
            "playbooks/transient.toml",
            "fix = 'Wait {connector'",
            "playbooks/transient.toml: fix: a brace that opens or closes no placeholder",
        ),
        (
            "playbooks/transient.toml",
            "[steps.wait]\nchoices.done = 'fixed'",
            "playbooks/transient.toml: steps.wait.choices.done: every step has this answer",
        ),
        (
            "playbooks/transient.toml",
            "[steps.wait]\nchoices.coffee = 'fixed'",
            "playbooks/transient.toml: steps.wait.choices.coffee: labels has no words for 'coffee'",
        ),
        (
            "playbooks/transient.toml",
            "related = ['tired']",
            "playbooks/transient.toml: related: 'tired' is no other cause",
        ),
        ("playbooks/transient.toml", "who = ['boss']", "playbooks/transient.toml: who.0: "),
        (
            "playbooks/transient.toml",
            "help = 'http://contoso.example'",
            "playbooks/transient.toml: help: ",
        ),
        (
            "playbooks/brand-new.toml",
            "title = 'x'",
            "playbooks/brand-new.toml: who: is missing",
        ),
        (
            "playbooks/_common.toml",
            "[steps.check]\nlink = 'nowhere'",
            "playbooks/_common.toml: steps.check.link: ",
        ),
        ("playbooks/Brand New.toml", "", "a file is named in small letters, digits and hyphens"),
        ("playbooks/person.toml", NEW_CAUSE, "'person' is an answer and cannot be a cause"),
        ("lookalikes/transient.toml", "title = 'x'\nsays = 'y'", "a cause has this name already"),
        ("lookalikes/quota.toml", "sais = 'x'", "lookalikes/quota.toml: sais: unknown key"),
        (
            "locales/ko/transient.toml",
            "[steps.wait]\ndone = 'fixed'",
            "locales/ko/transient.toml: steps.wait.done: there is no such text in English",
        ),
        (
            "locales/ko/transient.toml",
            "[steps.wat]\nsay = '기다리세요'",
            "locales/ko/transient.toml: steps.wat.say: there is no such text in English",
        ),
        (
            "locales/ko/_common.toml",
            "[steps.chek]\nsay = '확인하세요'",
            "locales/ko/_common.toml: steps.chek.say: there is no such text in English",
        ),
        (
            "locales/ko/transient.toml",
            "verdict = '**{conector} 문제**'",
            "locales/ko/transient.toml: verdict: unknown placeholder {conector}",
        ),
        (
            "locales/ko/not-permitted.toml",
            "[by_connector.thing]\nSlack = '채널'",
            "locales/ko/not-permitted.toml: by_connector.thing.Slack: there is no such text",
        ),
        (
            "locales/ko/tranzient.toml",
            "title = 'x'",
            "locales/ko/tranzient.toml: there is no playbook or look-alike of this name",
        ),
        (
            "locales/ko/_words.toml",
            "[phrases]\nhullo = 'x'",
            "locales/ko/_words.toml: phrases.hullo: there is no such text in English",
        ),
        (
            "locales/ko/_words.toml",
            "[phrases]\nopened = '{tickets}'",
            "locales/ko/_words.toml: phrases.opened: unknown placeholder {tickets}",
        ),
        (
            "playbooks/_words.toml",
            "[phrases]\nhullo = 'x'",
            "playbooks/_words.toml: phrases.hullo: there is no such text in English",
        ),
        ("playbooks/_words.toml", "colour = 'x'", "playbooks/_words.toml: colour: unknown key"),
        ("locales/xx/_words.toml", "months = ['Jan']", "locales/xx/_words.toml: months: "),
        (
            "playbook/transient.toml",
            "title = 'x'",
            "content stands in playbooks, lookalikes, locales",
        ),
        ("transient.toml", "title = 'x'", "content stands in playbooks, lookalikes, locales"),
        ("locales/KO/_words.toml", "", "locales/KO: a language is a folder of two small letters"),
        ("locales/xx9/_words.toml", "", "locales/xx9: a language is a folder of two small letters"),
        ("locales/ko.toml", "", "locales/ko.toml: a language is a folder of two small letters"),
        ("playbooks/mine.TOML", "", "playbooks/mine.TOML: a file of content ends in .toml"),
        ("locales/ko/mine.txt", "", "locales/ko/mine.txt: a file of content ends in .toml"),
        ("playbooks/transient.toml", "title = " + "[" * 5000, "nested too deeply"),
        (
            "playbooks/transient.toml",
            "[signs]\nover = ['nope']",
            "playbooks/transient.toml: signs.over: 'nope' is no other cause",
        ),
    ],
)
def test_wrong_content_is_refused_by_file_and_key(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    line = complaint(put(tmp_path, name, text))

    assert said in line
    assert str(tmp_path) in line


def test_a_common_word_that_is_wrong_is_found_in_its_own_file(tmp_path: Path) -> None:
    line = complaint(put(tmp_path, "locales/ko/_common.toml", "[steps.check]\nsay = '{flow} 확인'"))

    assert line.startswith(f"{tmp_path}/locales/ko/_common.toml: steps.check.say: ")


def test_a_sign_that_is_wrong_is_found_in_its_own_file(tmp_path: Path) -> None:
    put(tmp_path, "playbooks/transient.toml", "[signs.words]\nen = ['<nosuch> & x']")

    with pytest.raises(BadContent, match="no class <nosuch> in the vocabulary") as refused:
        _ = load(tmp_path).reader

    assert str(refused.value).startswith(f"{tmp_path}/playbooks/transient.toml: signs.words.en: ")


def test_what_is_no_content_does_no_harm(tmp_path: Path) -> None:
    put(tmp_path, "README.md", "ours")
    put(tmp_path, "playbooks/README.txt", "ours")
    put(tmp_path, "playbooks/.keep", "")
    put(tmp_path, "playbooks/transient.toml", "\ufefftitle = 'Marked'")

    assert load(tmp_path).playbook("transient", "en").title == "Marked"


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert complaint(tmp_path / "gone") == f"{tmp_path}/gone: there is no such folder"


def test_a_file_that_is_no_utf8_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "playbooks/transient.toml", "")
    (tmp_path / "playbooks/transient.toml").write_bytes(b"title = '\xff'")

    assert "playbooks/transient.toml: not UTF-8 at byte 9" in complaint(tmp_path)


def test_a_language_that_is_not_there_is_refused() -> None:
    with pytest.raises(BadContent, match="no language 'xx': there are en, "):
        load(languages=("xx",))
    with pytest.raises(BadContent, match="no language 'fr'"):
        load(policy=Policy(language="fr"))


def test_a_sign_that_is_not_in_the_notation_is_refused_when_it_is_read(tmp_path: Path) -> None:
    put(tmp_path, "playbooks/transient.toml", "[signs.words]\nen = ['<nosuchclass> broke']")
    book: Library = load(tmp_path)

    with pytest.raises(BadContent, match="transient"):
        _ = book.reader


def test_content_that_was_kept_reads_as_before() -> None:
    _ = OURS.reader
    again: Library = pickle.loads(pickle.dumps(OURS))  # noqa: S301 - our own, of a moment ago

    assert again == OURS
    assert "reader" in vars(again)
    for message in read("holdout"):
        assert again.diagnose(message.text) == OURS.diagnose(message.text)


def test_another_policy_compiles_nothing_again() -> None:
    book = OURS.under(Policy(contact="https://help.example.com"))

    assert book.policy.contact == "https://help.example.com"
    assert book.reader is OURS.reader
    assert book.playbooks is OURS.playbooks
