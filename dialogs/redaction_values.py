"""What a written value is: a secret, or an ordinary word, an id, a variable, a stand-in for one."""

from __future__ import annotations

import base64
import binascii
import re

_LONG = 300
"""Nothing ordinary is this long; it also bounds what looking again at a refused value costs."""

TOKEN_LENGTH = 15
"""No generated token is shorter, and hardly any word of a sentence is longer."""

_EDGES = " \t.,;:!?)(]}\"'`*|\\"

_STANDS_FOR = re.compile(
    r"\$\{?[a-z_:.]+\}?|%[a-z_]+%|\$\([^)]*\)?"  # $PASSWORD, ${env:SECRET}, %PASSWORD%
    r"|@\{?(?:parameters|variables|body|outputs|trigger\w*|secrets|appsetting|microsoft)\b.*"
    r"|<.*|\[.*|\(.*|\{[^}]*\}.*|.*\{\{.*"  # <secret>, [hidden: ...], {{token}}
    r"|\W+|x{3,}\W*|[.•*]{3,}.*"
    r"|(?:your|my|the|some|insert|enter|put|dein|ihr|votre|tu|sua?)[-_].*"
    r"|\w+[-_](?:here|placeholder)|[a-z_][\w.]*\(.*"
    r"|(?:os\.|process\.|config[.\[]|env[.:]|self\.|secrets\.|var\.|system\.|options\.).*"
    r"|(?:read-host|get-credential|convertto-securestring|getpass)\b.*",
    re.IGNORECASE,
)
_NAMED_ID = re.compile(
    r"\{?(?:[a-z0-9_]{1,30}[-=:/]){0,3}[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?"
    r"|(?:[a-z0-9_]{1,30}[-=:/]){0,3}08\d{18,}cu\d+"
    r"|.*aadsts\d+.*",
    re.IGNORECASE,
)
"""A GUID, the id of a run, a sign-in error; on its own or with what it is before it."""
_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|08\d{18,}cu\d", re.IGNORECASE)
_PLACE = re.compile(r"(?:https?:)?//|/[a-z]+/|[a-z]:\\", re.IGNORECASE)
_ORDINARY_SHAPE = re.compile(
    r"a?adsts\d+.*|0x[0-9a-f]+|08\d{18,}cu\d+"
    r"|\d{4}[-/.]\d\d.*|\d{1,2}[:/.]\d.*|v?\d+(?:\.\d+)+"
    r"|[^@\s]+@[^@\s]+\.[a-z]{2,}"
    r"|20\d\d|\d{1,3}(?:st|nd|rd|th|[hdx]|min|sec|days?|hours?|times|chars?)?"
    r"|(?:16|28|5[0-4]|65|7[05]|8[01]|90)\d{3,5}|18456"
    r"|(?:office|microsoft|sharepoint|dynamics|windows|error|http|code|step|o|m|d)-?\d{1,4}"
    r"|2fa|oauth2|sha-?\d+|md5|base64|tls1?",
    re.IGNORECASE,
)
_ASCII = re.compile(r"[A-Za-z0-9]")
_GOES_ON = re.compile(r"[,;.:)]\s")
"""The sentence goes on: the quote before it closed something."""
_DIGIT = re.compile(r"\d")
_MIXED = re.compile(r"[\d!#$%^&*?+~@]")

_WORDS = """
    a about above accepted account admin after again all always an and any are ask asked asks at
    authentication bad bearer because been before being below blank bool but by can cannot case
    change changed changes check client code correct could denied did disabled do does each
    empty enter entered error errors example expire expired expires expiry failed fails failure
    false fine for forbidden forgot forgotten from good had has have he hello help her here
    hidden his how i id if in incorrect int input invalid is isn't it its just keep keeps last
    length literal locked login manager masked may me mismatch missing must my n/a name need
    needed needs never new nil no none not now null of off ok okay old on only optional or our
    outdated password passwords passwd passphrase please policy problem protected pwd reason
    redacted refused rejected removed required reset returned same sample saved secret secrets
    see set she should sign since so some something still str string strong than that the their
    then they this to token tokens too true unauthorized unchanged undefined unknown unset
    unsupported updated use used user username users valid value verified verify was we weak
    what when where which who why will with won't works wrong yes yet you your abgelaufen
    aktuell alt das der die eingeben falsch fehlt geändert gesperrt gleich ist kein keine
    kennwort korrekt leer nein neu nicht passwort richtig und ungültig unbekannt unverändert
    verweigert vergessen wurde zurückgesetzt bon bonne changé changée est et expiré expirée faux
    incorrecte invalide la le les mauvais modifié modifiée mot nouveau obligatoire oubli oublié
    oui passe refusé refusée requis actualizada cambiada caducada caducado clave contraseña
    correcta el es expirada expirado incorrecta incorrecto inválida inválido nueva obligatoria
    olvidada rechazada requerida si sí vencida alterada alterado errada errado expirou foi
    incorreta não nova obrigatória recusada senha sim api key keys private public cookie
    signature connection webhook
"""
_ORDINARY = frozenset(_WORDS.split())


def is_filled(value: str) -> bool:
    """Tell a value from a stand-in for one: `<secret>`, `***`, `$PASSWORD`, `{{token}}`."""
    if len(value) > _LONG:
        return True
    whole, bare = value.strip(), value.strip(_EDGES)
    if not bare or _STANDS_FOR.fullmatch(whole):
        return False
    return bare == whole or not _STANDS_FOR.fullmatch(bare)


def is_given(value: str) -> bool:
    """Tell a secret from the word, id or variable that may stand where a secret is expected.

    `value` is what follows the name of a secret. False for "expired", "<secret>", "$PASSWORD",
    GUIDs, addresses, and for a sentence.
    """
    if len(value) > _LONG:
        return " " not in value[:_LONG]
    bare = value.strip(_EDGES)
    if len(bare) < 3 or not _ASCII.search(bare) or _GOES_ON.match(value):
        return False
    if not is_filled(value) or _NAMED_ID.fullmatch(bare) or _PLACE.match(bare):
        return False
    words = bare.lower().split()
    if len(words) > 1 and _ID.search(bare):
        return False
    return 2 * sum(word.strip(_EDGES) in _ORDINARY for word in words) < len(words)


def is_made_up(value: str) -> bool:
    """Tell a secret from a word of a sentence: digits or symbols among the letters."""
    if len(value) > _LONG:
        return True
    bare = value.strip(_EDGES)
    if not _MIXED.search(bare) or _ORDINARY_SHAPE.fullmatch(bare):
        return False
    return is_given(value)


def is_random(value: str) -> bool:
    """Tell a generated token from anything a person would call by a name: long and mixed."""
    bare = value.strip(_EDGES)
    if len(bare) < TOKEN_LENGTH or " " in bare or not (len(bare) >= 32 or _DIGIT.search(bare)):
        return False
    return is_given(value) and not _ORDINARY_SHAPE.fullmatch(bare)


def is_user_and_password(value: str) -> bool:
    """Tell whether `value` is `user:password` in base64, as a Basic header carries it."""
    whole = value.rstrip("=")
    try:
        plain = base64.b64decode(whole[: len(whole) // 4 * 4], validate=True)
    except (binascii.Error, ValueError):
        return False
    return b":" in plain[1:] and plain.isascii()


def is_shown(value: str) -> bool:
    """Accept whatever there is: the pattern was proof enough."""
    return bool(value)
