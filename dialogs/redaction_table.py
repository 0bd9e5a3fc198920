"""What a secret looks like: three tables, read by `dialogs.redaction`.

Every pattern is linear in the text: no two ways to split the same characters, and nothing
unbounded that may still fail after it. Gates are pieces of which one must be in the text for a row
to be tried. A row whose gates are in lower case reads the text in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Literal, NamedTuple

from dialogs.redaction_values import (
    is_filled,
    is_given,
    is_made_up,
    is_random,
    is_shown,
    is_user_and_password,
)

Check = Callable[[str], bool]


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern of the tables, compiled when it is needed: most texts need hardly any."""
    return re.compile(pattern)


class Shape(NamedTuple):
    """A secret that shows itself. The last group of the pattern, or all of it, is hidden."""

    kind: str
    gates: tuple[str, ...]
    pattern: str
    check: Check
    folded: bool
    """Whether the pattern reads the text in lower case, because its gates are."""


class Name(NamedTuple):
    """A name that announces a secret, and what must be true of the value after it."""

    kind: str
    gates: tuple[str, ...]
    pattern: str
    given: Check
    """For a value that is set off: quoted, or after an equals sign."""
    spoken: Check
    """For a value that stands where a sentence could go on."""


def _shape(kind: str, gates: str, pattern: str, check: Check = is_shown) -> Shape:
    return Shape(kind, tuple(gates.split("|")), pattern, check, gates == gates.lower())


def _name(
    kind: str, gates: str, pattern: str, given: Check = is_given, spoken: Check = is_made_up
) -> Name:
    return Name(kind, tuple(gates.split("|")), pattern, given, spoken)


def _written(kind: str, words: str, given: Check = is_given, spoken: Check = is_made_up) -> Name:
    """Return the row of words in other scripts, which JSON may spell as escapes."""
    gates = [word.encode("ascii", "backslashreplace").decode() for word in words.split("|")]
    gates += words.split("|")
    return Name(kind, tuple(gates), "|".join(map(re.escape, gates)), given, spoken)


_SLASH = r"(?:/|\\/|%2f|%252f)"
_QUERY = r"(?:[A-Za-z0-9+/_~.$!*=-]|%(?!25?26))++"
_AMONG = r"(?:(?<![a-z0-9])|(?<=%26)|(?<=2526)|(?<=u0026)|(?<=%3f))"
_PAIR = r"[\w.!#$%&*+^`|~-]{1,80}=[^\s;\"'\\<>]*+"
_PEM = r"-{2,5} ?BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?(?: ?-{4,5})?"
_PEM_LINE = r"(?:[\s>]|\\+[nr]|%0[aA]|<br ?/?>){1,8}(?!08\d{20})[A-Za-z0-9+/]{16,}+={0,2}"

_AS = (
    r",?\s(?:as|is|was|for)\s(?:(?:a|the|my|our|his|her|their|your|new|old|correct|right|current"
    r"|same)\s){0,3}"
)
_OWN = r"\s?[이가을를는은]\s(?:(?:제|내|저희|우리|현재|새)\s?){0,2}"

# fmt: off
SHAPES = (
    #      kind                gates        pattern, check
    _shape("private-key", "PRIVATE KEY",
           _PEM + r"[^-]*+(?:-(?!----)[^-]*+){0,12}-{4,5} ?END [A-Z0-9 ]{0,40}-{4,5}"),
    _shape("private-key", "PRIVATE KEY", _PEM + r"(?:" + _PEM_LINE + r")*+"),
    _shape("private-key", "PuTTY-User-Key-File", r"PuTTY-User-Key-File-\d[^\n]{0,200}"),
    _shape("access-token", "eyJ", r"eyJ[A-Za-z0-9_=+/-]{5,}+(?:(?:\.|%2E)[A-Za-z0-9_=+/-]*+){0,4}"
           r"(?:\s{1,3}[A-Za-z0-9_.-]{60,}+){0,400}"),
    _shape("access-token", "bearer",
           r"bearer(?:[ \t:+\"'\\]|%20){1,6}([a-z0-9._~+/-]{6,}+={0,2})(?!=)", is_random),
    _shape("access-token", "bearer",
           r"authorization\W{1,12}bearer[ \t]{1,3}([a-z0-9._~+/-]{10,}+={0,2})(?!=)", is_given),
    _shape("cookie", "cookie", r"cookie\\{0,7}[\"']?\s?:\s?\\{0,7}[\"']?(" + _PAIR
           + r"(?:;[ \t]?(?:" + _PAIR + r"|secure|httponly)){0,200})"),
    _shape("password", "basic", r"authorization\W{1,12}basic\s{1,3}([a-z0-9+/]{4,}+={0,2})"),
    _shape("password", "basic", r"basic\s{1,3}([a-z0-9+/]{8,}+={0,2})", is_user_and_password),
    _shape("password", " -u |--user",
           r"(?<![\w-])(?:-u|--user)[ =]{1,3}[\"']?[^\s:\"']{1,100}:([^\s\"']++)", is_filled),
    _shape("password", " -p",
           r"(?:az|acr|docker) login[^\n]{0,200}? -p ?[\"']?([^\s\"'-][^\s\"']++)", is_given),
    _shape("connection-string", "://",
           r"://[^\s/?#@:\"'<>]{0,256}:([^\s/\"'<>]{1,256})(?=@)", is_filled),
    _shape("password", " / ",
           r"(?:log[io]n|credentials|creds|account|id)\s?(?::|is|are)\s{0,3}[^\s/]{2,64} / (\S+)",
           is_made_up),
    _shape("password", "password|passwd|passcode|passphrase|pwd",
           r"(?<!\S)[\"'`(]?([^\s\"'`(]{3,64}?)[\"'`)]?" + _AS
           + "(?:password|passwd|passcode|passphrase|pwd)", is_made_up),
    _shape("password", "비밀번호|비번|암호|패스워드",
           r"(?<![!-~])([!-~]{3,64}?)" + _OWN + "(?:비밀번호|비번|암호|패스워드)"
           r"(?:예요|이에요|입니다|인데|이고|에요|로\s|야|라|거든|맞)", is_made_up),
    _shape("api-key", "aws", r"aws[^\n]{0,40}?[\"']([0-9a-z/+]{40})(?=[\"'])"),
    _shape("access-token", "0.A|1.A", r"(?<![A-Za-z0-9.])[01]\.A[A-Za-z0-9_-]{20,}+"
           r"(?:\.[A-Za-z0-9_-]*+){0,4}"),
    _shape("access-token", "code=|code%3d", _AMONG + r"code(?:=|%3d)(" + _QUERY + ")", is_random),
    _shape("access-token", "tempauth=", r"tempauth=(" + _QUERY + ")"),
    _shape("sas-signature", "sig=|sig%3d|sig%253d|sig\\u003d",
           _AMONG + r"sig(?:=|%3d|%253d|\\u003d)(" + _QUERY + ")", is_given),
    _shape("sas-signature", "signature=", r"signature=(" + _QUERY + ")", is_random),
    _shape("client-secret", "Q~", r"[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{8,}+"),
    _shape("client-secret", "GOCSPX-", r"GOCSPX-[A-Za-z0-9_-]{10,}+"),
    _shape("connection-string", "==", r"(?<![A-Za-z0-9+/-])[A-Za-z0-9+/]{86}==(?!=)"),
    _shape("slack-token", "xox", r"xox[a-z](?:\.xox[a-z])?-(?=[a-z-]{0,12}\d)[a-z0-9-]{3,}+"),
    _shape("slack-token", "xapp-", r"xapp-\d-[a-z0-9-]{6,}+"),
    _shape("github-token", "ghp_|gho_|ghu_|ghs_|ghr_", r"gh[pousr]_[a-z0-9_]{16,}+"),
    _shape("github-token", "github_pat_", r"github_pat_[a-z0-9_]{16,}+"),
    _shape("webhook-url", "hooks.slack.com",
           rf"hooks\.slack\.com{_SLASH}[a-z]{{1,20}}{_SLASH}([a-z0-9_/\\%-]{{8,}}+)"),
    _shape("webhook-url", "incomingwebhook/|incomingwebhook\\/|incomingwebhook%2f",
           rf"incomingwebhook{_SLASH}([a-z0-9_/\\%-]{{8,}}+)"),
    _shape("webhook-url", "/webhooks/", r"/api/webhooks/(\d{6,30}/[a-z0-9_-]{20,}+)"),
    _shape("password", "-securestring",
           r"convertto-securestring\s{1,3}(?:-(?:asplaintext|force)\s{1,3}){0,2}"
           r"(?:-string\s{1,3})?[\"']([^\"'\n]++)", is_filled),
    _shape("api-key", "IA|ACCA|A3T",
           r"(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[0-9A-Z]{16}"),
    _shape("api-key", "AIza", r"AIza[0-9A-Za-z_-]{20,}+"),
    _shape("api-key", "ya29.", r"ya29\.[0-9a-z_-]{16,}+"),
    _shape("api-key", "sk-", r"sk-(?<![a-z0-9]sk-)(?=[a-z_-]{0,40}\d)[a-z0-9_-]{16,}+"),
    _shape("api-key", "k_live_|k_test_", r"[rs]k_(?:live|test)_[0-9a-z]{10,}+"),
    _shape("api-key", "npm_", r"npm_[a-z0-9]{16,}+"),
    _shape("api-key", "_authtoken", r":_authtoken=\s{0,3}[\"']?([^\s\"']{8,}+)"),
    _shape("api-key", "glpat-|gldt-|glrt-|glptt-|glcbt-",
           r"gl(?:pat|dt|ft|soat|rt|cbt|imt|ptt|agent)-[\w-]{16,}+"),
    _shape("api-key", "SG.", r"SG\.[\w-]{16,}+\.[\w-]{16,}+"),
    _shape("api-key", "pypi-ag", r"pypi-ag[\w-]{16,}+"),
    _shape("api-key", "hvs.|hvb.", r"hv[sb]\.[\w-]{20,}+"),
    _shape("api-key", "ATATT3", r"ATATT3[A-Za-z0-9_=-]{16,}+"),
    _shape("api-key", "-us", r"(?<![0-9a-z])[0-9a-f]{32}-us\d{1,2}(?!\w)"),
    _shape("api-key", "sq0csp-", r"sq0csp-[0-9a-z\\_-]{20,}+"),
    _shape("api-key", ":AA", r"(?<!\d)\d{8,10}:AA[0-9A-Za-z_-]{33}"),
)
"""Secrets known by their own look, or by the line they stand in."""

_OF_WHAT = ("api", "access", "subscription", "function", "functions", "shared", "secret", "storage",
            "account", "host", "master", "private", "signing", "encryption")
_KEY = "key(?:" + "|".join(rf"(?<={what}key)|(?<={what}[ _-]key)" for what in _OF_WHAT) + ")"

NAMES = (
    #     kind                gates        pattern, check when set off, check in a sentence
    _name("connection-string", "key", r"key(?:(?<=accountkey)|(?<=sharedaccesskey))"),
    _name("connection-string", ";", r";\s?(?:password|pwd)(?=\s?=)"),
    _name("password", "pass", r"pass(?:wor[dt]|wd|phrase|code|e(?<=mot de passe)"
          r"|(?<![a-z]pass)(?=[\"'\\]{0,3}\s?[:=：]))"),
    _name("password", "pwd|pw", r"pwd|pw(?<![a-z]pw)(?![a-z])"),
    _name("password", "mdp", r"(?<![a-z])mdp(?![a-z])"),
    _name("password", "kennwort", r"kennwort"),
    _name("password", "contrase", r"contrase(?:ñ|n\u0303|n)a"),
    _name("password", "clave:|clave :|clave=|clave =", r"(?<![a-z])clave(?=\s?[:=])"),
    _name("password", "senha", r"(?<![a-z])senha"),
    _name("password", "palavra", r"palavra[ -]passe"),
    _written("password", "비밀번호|비밀 번호|비번|암호|패스워드|パスワード|暗証番号"
             "|密码|密碼|口令|пароль"),
    _name("client-secret", "client", r"client[ _-]?secret(?: value)?"),
    _name("client-secret", "secret",
          r"secret(?:(?<![a-z]secret)|(?<=clientsecret)|(?<=appsecret)|(?<=applicationsecret)"
          r"|(?<=consumersecret)|(?<=webhooksecret))(?:[ _-]?(?:value|key|text|access[ _-]?key))?",
          is_given, is_random),
    _name("access-token", "pat:|pat=", r"(?<![a-z])pat(?=[:=])", is_random, is_random),
    _written("api-key", "api 키|api キー|api 密钥", is_given, is_random),
    _written("client-secret", "시크릿|シークレット|密钥|密鑰", is_given, is_random),
    _written("access-token", "토큰|トークン|令牌", is_random, is_random),
    _name("access-token", "token", r"token(?<!publickeytoken)(?<!continuationtoken)(?<!skiptoken)"
          r"(?<!cancellationtoken)(?<!continuation-token)(?:s|credential)?(?! for service)",
          is_random, is_random),
    _name("access-token", "samlresponse=|samlresponse\"", r"samlresponse", is_random, is_random),
    _name("access-token", "_code", r"(?:device|auth|authorization)_code|code_verifier",
          is_random, is_random),
    _name("access-token", "authorization", r"authorization", is_random, is_random),
    _name("sas-signature", "sig:|sig :|sig is", r"(?<![a-z])sig", is_random, is_random),
    _name("sas-signature", "\"sig\"|\"sig\\", r"(?<=\")sig(?=\\{0,7}\")", is_given, is_random),
    _name("api-key", "key", _KEY, is_given, is_random),
    _name("cookie", "estsauth", r"estsauth[a-z]{0,20}", is_random, is_random),
    _name("cookie", "fedauth", r"fedauth\d?", is_random, is_random),
    _name("cookie", "rtfa", r"rtfa", is_random, is_random),
    _name("cookie", "sessi", r"jsessionid|phpsessid|asp\.net_sessionid|appserviceauthsession",
          is_random, is_random),
)
"""Secrets known by what is written before them."""

_CJK = "\u3000-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff00-\uffef"
_NEXT_KEY = r"[\"']?[\w .-]{1,40}[\"'\\]{0,3}[=:]"
_WORD = (
    rf"(?:[^\s\"'`<>,;&|\\{_CJK}]|[,;|](?!\s|{_NEXT_KEY})"
    r"|&(?!(?:amp;)?[\w.-]{1,40}=|(?:amp;)?(?:quot|apos|[lg]t|nbsp|#\d{1,4});)|\\(?![\"'nrtu\\]))++"
)
_OPEN = r"(?:\\{0,7}[\"'`]|[“„‘«「『]\s?|&(?:amp;)?quot;)"
_QUOTED = (
    r"((?<=\\\")(?:[^\"\\\n]|\\(?!\\{0,7}\"))++|(?<=\")(?:[^\"\\\n]|\\.)++|(?<=')[^'\n]++"
    r"|(?<=`)[^`\n]++|(?<=[“„‘«「『\s])[^”“’»」』\n]{1,200}|(?<=;)[^&\n]{1,200})"
)
_CLOSE = r"(?:\\{0,7}[\"'`]\]?|&(?:amp;)?quot;|\*{1,2}|</[a-z]{1,8}>|\)|[는은가이를をは])?"
_WHOSE = (
    r"(?:\s?\([^()\n]{1,40}\)|\s(?:for|of|für|von|pour|de|del|para|do|da)\s[^\s:=]{1,64}"
    r"(?:\s[^\s:=]{1,64}){0,2})?"
)
_SIGN = r"[ \t]{0,8}(?:[=-]>|→|:=|={1,2}|[:：＝]|%3d|\\u003d)"
_PAD = r"\*{0,2}(?:[ \t\xa0]|</?[a-z]{1,8}>){0,12}\*{0,2}(?!\*)"
_INSIDE = r"(?:\{\s{0,8}\\{0,7}\"value\\{0,7}\"\s?:\s?)?"
_VERB = (
    r"(?:\s{1,3}(?:is|was|ist|war|lautet|est|es|era|é|e|to|from|[-–—])\s{1,3}"
    r"|\s?(?:는|은|가|이|를|을|は|が|是|为|為)\s?|\s?[:：]?[ \t]{0,8}\n\s{0,8}|\s{1,3}\|\s{1,3}"
    r"|(?:\s{0,3}</?[a-z]{1,8}>){1,4}\s{0,3})"
)
_SAID = rf"[\"'“‘「`(]?(?=\S{{0,80}}?[\d!#$%^&*?+~@])({_WORD})"
_OTHER = (
    r"(?!(?:and|but|or|so|then|when|because|since|after|if|while|error|code|status|message|run|flow"
    r"|user|username|policy|und|aber|oder|et|mais|y|pero|mas|e)\b)"
)
"""Not a word with which the sentence comes to something other than the password."""
_CLAUSE = rf"(?:,?\s{{1,3}}{_OTHER}[^\W\d_]{{1,20}}(?:['’][^\W\d_]{{1,20}})?){{1,7}}?"
_IS = r"(?:,?\s{1,3}(?:is|was|be|been|to|as|ist|war|lautet|est|es|era|é)\s{1,3}|\s?[:=]\s?|,\s)"
_ONE = r"([!-~]{3,64}?)"
_KOREAN_IS = (
    r"\s?(?:입니다|이?에요|예요|이예요|이야|인데|이고|이라|라고|라서|라는|거든"
    r"|으?로\s?(?:바꿨|바꾸|변경|설정|했))"
)
_KOREAN_USES = r"\s?[을를]\s?(?:쓰|써|사용|입력|넣|설정|치고)"


class Form(NamedTuple):
    """One way to write a value after a name; the group is the value."""

    pattern: str
    place: Literal["set off", "after a colon", "in a sentence", "of a password"]
    """Which checks of `Name` apply; the last one is for passwords alone."""


ANNOUNCED = _CLOSE + _WHOSE + r"(?:" + _SIGN + r"|,?\s{0,8}\\{0,7}[\"']?value)"
"""What must follow a name before the forms that are set off are tried."""

FORMS = (
    # in quotes; or as a template's parameter: the name, then an object with a value
    Form(_CLOSE + _WHOSE + _SIGN + _PAD + _INSIDE + _OPEN + _QUOTED, "set off"),
    # in a pair of attributes: a name and a value
    Form(r"\\{0,7}[\"'],?\s{0,8}\\{0,7}[\"']?value\\{0,7}[\"']?\s{0,2}[:=]\s{0,2}\\{0,7}"
         r"[\"']([^\"'\\\n]++)", "set off"),
    # after an equals sign, bare
    Form(_CLOSE + r"[ \t]{0,3}(?:=>|:=|={1,2}|＝|%3d|\\u003d)[ \t]{0,3}"
                    + "(" + _WORD + ")", "set off"),
    # after a colon and a user name
    Form(_CLOSE + r"[ \t]{0,3}[:：][ \t]{0,3}[^\s/]{1,64} ?/ ?(" + _WORD + ")",
         "after a colon"),
    # after a colon, letters with nothing after them
    Form(_CLOSE + _WHOSE + r"[ \t]{0,8}[:：]" + _PAD
                    + r"([a-z\u00c0-\u024f]{3,64}+)(?=[ \t.]*(?:$|[\n,;|/\"'<)]|\\n))", "set off"),
    # after a colon, bare
    Form(_CLOSE + _WHOSE + r"[ \t]{0,8}(?:[:：→]|->)" + _PAD + "(" + _WORD + ")",
         "after a colon"),
    # between tags
    Form(r">([^<\s][^<\n]{0,300})(?=</)", "set off"),
)
"""How a value is written after the name of a secret."""

FLAG = r"(?<![\w-])--?[a-z-]{0,20}$"
"""What stands before a name that is an option of a command."""

FLAGGED = (Form(r"[ \t]{1,3}[\"']?([^\s\"'-][^\s\"']++)", "set off"),)
"""How a value is written after an option."""

SPOKEN = (
    # the password "..."      the password is "..."
    Form(rf"(?:\s{{1,3}}|{_VERB})[\"“‘'`]([^\s\"“”‘’'`]{{3,64}})[\"”’'`](?!\w)",
         "of a password"),
    # 비밀번호는 ... 입니다      비밀번호로 ...를 써요
    Form(rf"\s?[는은가이를을]?\s?{_ONE}{_KOREAN_IS}", "of a password"),
    Form(rf"으?로\s{{1,3}}{_ONE}{_KOREAN_USES}", "of a password"),
    # the password from ... to ...
    Form(rf"\sfrom\s({_WORD}\sto\s{_WORD})", "in a sentence"),
    # the password is ...      비밀번호는 ...      Password, and the value a line below
    Form(_CLOSE + _WHOSE + _VERB + _SAID, "in a sentence"),
    # the password that I use is ...      das Passwort, das ich benutze, ist ...
    Form(rf"{_CLAUSE}{_IS}{_SAID}", "in a sentence"),
    # password ...      密码...
    Form(rf"{_CLOSE}(?:,?\s{{1,3}}|(?<=[{_CJK}])){_SAID}", "in a sentence"),
)
"""How a value goes on in a sentence."""
# fmt: on
