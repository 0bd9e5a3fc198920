"""What the stores on a database are run by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

import sqlalchemy as sa

P = ParamSpec("P")
T = TypeVar("T")


class Runner(Protocol):
    """What runs a function of `transactions/` whole or not at all."""

    async def run(
        self, fn: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return `fn(connection, *args, **kwargs)` once it is committed. Raises `Unavailable`."""
        ...

    async def run_alone(
        self, fn: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Do the same with a function that executes one statement, or one `together`, and no more.

        Where that is whole or not at all by itself, no transaction is begun around it.
        """
        ...
