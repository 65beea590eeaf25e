"""How the tests expect an error, and the codes that they have seen."""

import contextlib
import traceback
from typing import Iterator, Set

import pytest

from llavero import Language, LlaveroError

# Every code that a test has seen raised, for the test that all of them were.
SEEN: Set[str] = set()


@contextlib.contextmanager
def refused(code: str) -> Iterator["pytest.ExceptionInfo[LlaveroError]"]:
    """Passes if the block raises this error, whole and with a text in both languages."""
    with pytest.raises(LlaveroError) as caught:
        yield caught
    error = caught.value
    assert error.code() == code
    assert error.reason.code == code
    assert error.text(Language.ES_MX) == error.reason.text_es_mx != ""
    assert error.text(Language.EN) == error.reason.text_en != ""
    assert error.reason.text_en != error.reason.text_es_mx
    assert error.reason.detail != ""
    assert str(error) == f"{code}: {error.reason.detail}"
    assert type(error) is not LlaveroError
    SEEN.add(code)


def everything_said(error: BaseException) -> str:
    """All that an app could log of an error."""
    reason = getattr(error, "reason", None)
    said = [str(error), repr(error), str(error.args), repr(vars(error)), str(reason), repr(reason)]
    said += [repr(vars(reason))] if reason is not None else []
    said += traceback.format_exception(type(error), error, error.__traceback__)
    said += [repr(error.__cause__), repr(error.__context__)]
    return "\n".join(said)
