"""A few shorter ways to say things. No rule is here: each could be written by an app in the same lines."""

import datetime
import json
from typing import Any, Callable, Optional, Type, TypeVar

from ._native import AskedClaim, CalendarDate, ClaimValue, Language, Verdict, VerifiedCredential

_F = TypeVar("_F", bound=Callable[..., Any])


def _method_of(*owners: type) -> Callable[[_F], _F]:
    """Makes a function a method of generated classes; `tools/stub.py` reads this, too."""

    def add(function: _F) -> _F:
        for owner in owners:
            setattr(owner, function.__name__, function)
        return function

    return add


def _constructor_of(owner: type) -> Callable[[_F], _F]:
    """Makes a function a constructor of a generated class."""

    def add(function: _F) -> _F:
        setattr(owner, function.__name__, classmethod(function))
        return function

    return add


@_constructor_of(CalendarDate)
def from_date(cls: Type[CalendarDate], date: datetime.date) -> CalendarDate:
    """The same day."""
    return cls(year=date.year, month=date.month, day=date.day)


@_method_of(CalendarDate)
def to_date(day: CalendarDate) -> datetime.date:
    """The same day. `ValueError` if there is no such day."""
    return datetime.date(day.year, day.month, day.day)


@_method_of(ClaimValue)
def plain(value: ClaimValue) -> object:
    """The value as Python has it: `bool`, `int`, `str`, or what `json.loads` makes of anything else."""
    if isinstance(value, ClaimValue.JSON):
        return json.loads(value.text)
    if isinstance(value, (ClaimValue.BOOLEAN, ClaimValue.INTEGER, ClaimValue.TEXT)):
        return value.value
    raise TypeError("a claim's value is one of four variants")


@_method_of(AskedClaim)
def label(claim: AskedClaim, language: Language) -> Optional[str]:
    """What to call it, in this language or the next best; `None` if no document on the trust list has a label for it."""
    return claim.label_es_mx if language is Language.ES_MX else claim.label_en


@_method_of(VerifiedCredential)
def type_name(shown: VerifiedCredential, language: Language) -> Optional[str]:
    """What to call the type, in this language or the next best; `None` if the trust list has no document of it."""
    return shown.type_name_es_mx if language is Language.ES_MX else shown.type_name_en


@_method_of(Verdict)
def credential(verdict: Verdict, query: str) -> VerifiedCredential:
    """The first credential that answers the credential query of this id. `KeyError` if none does."""
    for shown in verdict.credentials:
        if shown.query == query:
            return shown
    raise KeyError(query)


@_method_of(VerifiedCredential)
def value(shown: VerifiedCredential, path: str) -> object:
    """The one value at a path that was asked for, as `ClaimValue.plain` gives it.

    `KeyError` if the path was not asked for or not shown; `ValueError` if there are several values, as for a path with
    a wildcard.
    """
    for claim in shown.claims:
        if claim.path == path:
            if len(claim.values) != 1:
                raise ValueError(f"{path} has {len(claim.values)} values")
            return claim.values[0].plain()
    raise KeyError(path)
