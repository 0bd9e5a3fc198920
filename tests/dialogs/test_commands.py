"""What people type in place of a press, and what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.commands import Commands, Typed, bare
from dialogs.library import load
from dialogs.words import Words

COMMANDS = load().commands

TYPED = {
    "done": "ok signed in|she signed in|the owner says it's done|erledigt|c'est fait|完成|됬어요"
    "|done!|Done.|ok done|I did it|I've done that|it worked, thanks|next|that worked"
    "|it says connected now|it shows as Connected|the warning is gone|the owner granted access"
    "|they approved it|access was granted|연결됨으로 나와요|이제 연결됨이에요|경고가 사라졌어요"
    "|권한 받았대요|관리자가 승인했어요|소유자가 권한을 줬어요|승인 났어요"
    "|완료|완료했어요|네 됐어요|다 했습니다|네, 했어요!|됐습니다|로그인됐어요",
    "fixed": "it works now, thank you|it's fixed|solved|the flow is working again|back to normal"
    "|해결됐어요|이제 잘 돼요|고쳐졌어요|성공했어요|흐름이 다시 돌아가요|문제 해결했습니다"
    "|it's working again, thank you so much|all good|the run succeeded|the flow ran fine"
    "|새 실행이 성공했어요|성공",
    "failing": "still failing|Still failing...|still not working :(|it didn't help|doesn't work"
    "|nope, still the same error|it failed again|no luck|not fixed yet|it is still broken"
    "|아직 안 돼요|아직 안되요|아직도 안돼요 ㅠㅠ|여전히 안 됩니다|계속 오류가 나요"
    "|그래도 안 되네요"
    "|still the same|I get the same error|I clicked it but nothing happens"
    "|I don't see a Fix connection link|연결 수정 버튼이 안 보여요|눌러도 반응이 없어요"
    "|I resubmitted it and it failed again|tried again but no luck"
    "|다시 제출했는데 실패했어요|재시도했는데 또 실패해요|다시 돌렸더니 똑같아요"
    "|I did it but it still fails|tried that, no luck|did that, same thing|done but still failing"
    "|stil failing|it failed again with the same error|geht immer noch nicht|sigue fallando"
    "|the same flow fails again today|오늘 또 실패했어요|다시 안 돼요|또 그러네요"
    "|まだ失敗します|还是失败|했는데 아직도 안돼요|다시 로그인했는데 똑같아요"
    "|아직 실패해요|해도 안 돼요|소용없어요|그래도 안되네요 ㅠㅠ|에러 똑같이 나요|오류가 계속 나요",
    "person": "talk to a person|I want to talk to a human|can I speak to someone?|human please"
    "|connect me with support|please escalate this|open a ticket|I need help from a person"
    "|담당자 연결해 주세요|담당자와 이야기하기|사람이랑 이야기하고 싶어요|상담원 연결"
    "|담당자에게 문의할게요|can somebody look at this|转人工|hablar con una persona",
    "explain": "why?|what does that mean|who can help me|who should I ask?|what is wrong"
    "|왜요?|누구한테 말해야 돼?|무슨 뜻이에요?|원인이 뭐예요?",
    "sent": "I sent it|ok I sent it to the owner|just sent the message|I've asked the admin"
    "|waiting for approval|it is waiting for their reply|no answer yet|he hasn't answered yet"
    "|소유자에게 보냈어요|관리자한테 메일 보냈어요|방금 요청했어요|아직 답이 없어요"
    "|승인 대기 중이에요",
    "whose": "I don't know who owns it|who is the owner?|who is the admin|no idea who that is"
    "|누구에게 보내야 하나요?|소유자가 누구인지 모르겠어요|관리자가 누구예요?",
    "where": "where is Connections?|I can't find the connections page|where do I click?"
    "|how do I get there|연결 페이지가 어디예요?|어디에 있나요|연결 메뉴가 안 보여요",
    "not-for-me": "can you do it for me?|please fix it|I give up"
    "|대신 해 주시면 안 돼요?|고쳐 주세요",
    "later": "later|not now|ok|got it|give me 5 minutes|hmm|알겠어요|네 해볼게요|5분만요"
    "|I'll do it tomorrow|let me check|나중에 할게요|잠시만요|내일 해볼게요",
    "back": "back|go back please|one step back|previous step|뒤로|이전 단계로|뒤로 가기",
    "start-over": "start over|restart|let's start again|new problem|never mind"
    "|I have another error"
    "|처음부터|처음부터 다시|다시 시작",
    "status": "status?|where are we|what is the status|which step is this"
    "|상태|지금 어디까지 했어요?",
    "help": "help|HELP!|are you a bot?|봇이에요?"
    "|what can I type|how does this work|도움말|도와주세요",
    "forget": "forget me|delete my data|please delete everything about me|forget about me"
    "|내 정보 삭제|제 정보를 삭제해 주세요|저를 잊어 주세요",
    "not-mine": "not mine|It's not my connection|it is someone else's connection|I didn't make it"
    "|제 연결 아니에요|내 거 아니에요|동료 연결이에요|I'm not the owner|my colleague made it"
    "|제가 주인이 아니에요|퇴사한 직원이 만든 연결이에요|das ist nicht meine Verbindung",
    "not-me": "that's not my job|I am not an admin|I don't know the password"
    "|I don't have permission|제 담당이 아니에요"
    "|권한이 없어서 못 하겠어요"
    "|I can't do this|I am not allowed to do that|제가 못 해요|저는 할 수 없어요",
    "yes": "yes|ㅇㅇ|Yes, please|sure|go ahead|네, 삭제해 주세요|예|네",
    "no": "no|ㄴㄴ|no thanks|don't|아니요|아뇨",
    "none": "none of these|something else|I don't know|이 중에 없어요|잘 모르겠어요",
    "same": "same message|it is the same message|it's the same error again|nothing changed"
    "|resubmitted, same error"
    "|같은 메시지예요|똑같은 오류가 나와요|똑같아요",
}


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, row in TYPED.items() for text in row.split("|")]
)
def test_reads_what_people_type(name: str, text: str) -> None:
    assert name in COMMANDS.read(text).names


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2),
        ("[1]", 1),
        ("3.", 3),
        ("#2", 2),
        ("option 3", 3),
        ("2번", 2),
        ("2번이요", 2),
        ("②", 2),
        ("the first one", 1),
        ("second", 2),
        ("첫 번째요", 1),
        ("두 번째 거예요", 2),
    ],
)
def test_reads_the_number_of_a_choice(text: str, number: int) -> None:
    assert COMMANDS.read(text).number == number


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("speak Korean", "ko"),
        ("Can you speak Korean please?", "ko"),
        ("한국어로", "ko"),
        ("한국어로 말해 주세요", "ko"),
        ("in English please", "en"),
        ("영어로 바꿔 주세요", "en"),
        ("English", "en"),
        ("Please answer in German", "de"),
        ("日本語", "ja"),
    ],
)
def test_reads_the_language_that_is_asked_for(text: str, language: str) -> None:
    assert COMMANDS.read(text).language == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "!?",
        "hello",
        "thanks",
        "My flow failed with 401 Unauthorized",
        "I changed my password and since then it is not done any more",
        "done with this product, I get a 403 on the Finance site since Monday",
        "the person who left owned the connection",
        "back in May it worked with the same account",
        "help, AADSTS50173 in my flow",
        "401",
        "403번 오류가 나요",
        "권한이 없음",
        "비밀번호를 바꿨어요",
        "로그인 창에서 관리자 승인이 필요하다고 나와요",
        "관리자에게 전달할까요?",
        "Korean characters break my flow",
    ],
)
def test_leaves_other_messages_alone(text: str) -> None:
    assert COMMANDS.read(text) == Typed()


def test_is_never_found_inside_a_long_text() -> None:
    assert COMMANDS.read("done " * 40) == Typed()


def test_a_label_is_read_with_courtesies_around_it() -> None:
    assert COMMANDS.says("It's not my connection, sorry", "Not my connection")
    assert not COMMANDS.says("It's not my connection but hers", "Not my connection")
    assert not COMMANDS.says("anything", "***")


@given(st.text(max_size=90))
def test_reads_any_text_without_trouble(text: str) -> None:
    typed = COMMANDS.read(text)

    assert typed.number is None or typed.number >= 0


@given(st.lists(st.sampled_from(["the", "same", "still", "it", "is", "no", "안", "돼", "아직"])))
def test_reads_repeated_words_at_once(words: list[str]) -> None:
    typed = COMMANDS.read("".join(words))

    assert (typed.number, typed.language) == (None, "")


def test_knows_the_notation_of_rows() -> None:
    words = Words(
        name="Test",
        months=["m"] * 12,
        fillers=["if you please"],
        typed={"on": ["go|step? on", "go_on now?"], "number": ["take? #"], "language": ["use @"]},
        languages={"xx": ["Testish"]},
    )
    commands = Commands.of([words])

    assert commands.read("Step on, if you please").names == ("on",)
    assert commands.read("on").names == ("on",)
    assert commands.read("go, on: now").names == ("on",)
    assert commands.read("go").names == ()
    assert commands.read("take 12").number == 12
    assert commands.read("use testish!").language == "xx"


def test_compares_without_case_spaces_punctuation_and_width() -> None:
    assert bare(" It\u2019s  DONE\uff01 ") == "itsdone"
