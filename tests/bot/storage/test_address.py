"""URLs of PostgreSQL databases, and what is not said of them."""

from __future__ import annotations

import pytest

from bot.errors import UserError
from bot.storage import Unusable
from bot.storage.postgres.address import is_postgres, parse


@pytest.mark.parametrize(
    ("url", "dsn", "shown"),
    [
        ("postgresql://me:pw@host/db", "postgresql://me:pw@host/db", "host/db"),
        ("postgres://me:pw@host/db", "postgresql://me:pw@host/db", "host/db"),
        ("postgresql+asyncpg://host/db", "postgresql://host/db", "host/db"),
        ("postgresql://me@host:5433/db", "postgresql://me@host:5433/db", "host:5433/db"),
        ("postgresql://me:pw@[::1]:5433/db", "postgresql://me:pw@[::1]:5433/db", "[::1]:5433/db"),
        ("postgresql://me:p%40:%2Fw@h/db", "postgresql://me:p%40:%2Fw@h/db", "h/db"),
        ("postgresql://a:1,b:2/db", "postgresql://a:1,b:2/db", "a:1,b:2/db"),
        ("postgresql:///db?host=/run/pg", "postgresql:///db?host=%2Frun%2Fpg", "/run/pg/db"),
        (
            "postgresql://me:pw@host/db?sslmode=verify-full&sslrootcert=/ca.pem",
            "postgresql://me:pw@host/db?sslmode=verify-full&sslrootcert=%2Fca.pem",
            "host/db",
        ),
        ("postgresql://host/%EB%8D%B0", "postgresql://host/%EB%8D%B0", "host/데"),
    ],
)
def test_a_url_is_read(url: str, dsn: str, shown: str) -> None:
    address = parse(url)

    assert is_postgres(url)
    assert (address.dsn, address.shown, address.pooled) == (dsn, shown, False)
    assert "pw" not in repr(address)


def test_a_pooler_is_told_by_a_parameter_that_the_server_never_sees() -> None:
    address = parse("postgresql://host/db?statement_cache_size=0&sslmode=require")

    assert address.pooled
    assert address.dsn == "postgresql://host/db?sslmode=require"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://",
        "postgresql://me:hunter2@",
        "postgresql://me:hunter2@host",
        "postgresql://me:hunter2@host/",
        "postgresql:///db",
        "postgresql:me:hunter2@host/db",
        "postgresql://me:hunter2/x@host/db",
        "postgresql://me:hunter2#x@host/db",
        "postgresql://me:hunter2?x@host/db",
        "postgresql://me:hunter2@x@host/db",
        "postgresql://me:12/hunter2@host/db",
        "postgresql://me:12#hunter2@host/db",
        "postgresql://me:12?hunter2@host/db",
        "postgresql://me:12?hunter2=@host/db",
        "postgresql://me:hunter2[@host/db",
        "postgresql://me:hunter2@host:port/db",
        "postgresql://me:hunter2@host/db?sslmode",
        "postgresql://me:hunter2@host/db?mode=hunter2",
        "postgresql://me:hunter2@host/db?password=hunter2",
        "postgresql://me:hunter2@host/db?statement_cache_size=hunter2",
    ],
)
def test_a_url_that_is_wrong_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(Unusable) as refused:
        parse(url)

    assert isinstance(refused.value, UserError)
    assert "\n" not in str(refused.value)
    assert "hunter2" not in str(refused.value)
    assert "postgresql://USER:PASSWORD@HOST/NAME: " in str(refused.value)


@pytest.mark.parametrize(
    "url", ["sqlite:///x", "", "mysql://a/b", "/postgresql/x", "sqlite:///postgresql:"]
)
def test_other_databases_are_none(url: str) -> None:
    assert not is_postgres(url)
