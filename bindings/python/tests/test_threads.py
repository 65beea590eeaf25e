"""Many threads on one object; event loops; processes that split."""

import asyncio
import collections
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Callable, List

import pytest

from llavero import CredentialType, Language, LlaveroError, Wallet
from own_callbacks import DictStore, OwnKeys, OwnRandom
from refused import SEEN
from world import NOW, OVER_18, World, answer, ask

THREADS = 16
PATIENCE_SECS = 60


def outcomes(step: Callable[[], object]) -> "collections.Counter[str]":
    """What comes of one step taken by many threads at once."""
    start = threading.Barrier(THREADS)

    def attempt() -> str:
        start.wait(PATIENCE_SECS)
        try:
            step()
            return "done"
        except LlaveroError as error:
            SEEN.add(error.code())
            return error.code()

    with ThreadPoolExecutor(THREADS) as pool:
        attempts = [pool.submit(attempt) for _ in range(THREADS)]
        return collections.Counter(done.result(PATIENCE_SECS) for done in attempts)


ONE_WINS = {"done": 1, "already_used": THREADS - 1}


@pytest.fixture(name="world", params=["software", "own callbacks"])
def fixture_world(request: pytest.FixtureRequest) -> World:
    if request.param == "software":
        return World(CredentialType.AGE, count=THREADS)
    return World(CredentialType.AGE, count=THREADS, keys=OwnKeys(), store=DictStore(), random=OwnRandom())


def test_one_approval_wins(world: World) -> None:
    sheet = world.wallet.consider(ask().request(), NOW, Language.EN).sheet()
    assert outcomes(lambda: sheet.approve(world.wallet, NOW)) == ONE_WINS
    assert world.copies_left() == THREADS - 1


def test_one_decision_wins(world: World) -> None:
    sheet = world.wallet.consider(ask().request(), NOW, Language.EN).sheet()
    decisions: List[Callable[[], object]] = [sheet.decline, lambda: sheet.approve(world.wallet, NOW)]
    decisions *= THREADS // 2
    assert outcomes(lambda: decisions.pop()()) == ONE_WINS


def test_one_verification_wins(world: World) -> None:
    challenge = ask()
    given = answer(world.wallet, challenge)
    assert outcomes(lambda: challenge.verify(given, world.trust, NOW)) == ONE_WINS


def test_one_sheet_wins(world: World) -> None:
    choices = world.wallet.consider(ask().request(), NOW, Language.EN)
    assert outcomes(choices.sheet) == ONE_WINS


def test_every_thread_answers_with_its_own_copy(world: World) -> None:
    def whole() -> None:
        challenge = ask()
        verdict = challenge.verify(answer(world.wallet, challenge), world.trust, NOW)
        assert verdict.credential("age").value(OVER_18) is True

    got = outcomes(whole)
    # Two sheets may be about one copy: whoever agrees later hears of it.
    assert got["done"] >= 1
    assert set(got) <= {"done", "no_copies_left", "store_conflict"}
    assert got["done"] + world.copies_left() == THREADS


def test_everything_at_once(world: World) -> None:
    steps: List[Callable[[], object]] = [
        lambda: world.agency.issue(world.wallet, world.person, CredentialType.AGE, 2),
        lambda: world.wallet.credentials(Language.ES_MX),
        lambda: answer(world.wallet, ask()),
        world.wallet.history,
        lambda: world.wallet.purge(NOW),
        lambda: ask().to_json(),
        lambda: Wallet.in_memory(None).credentials(Language.EN),
        lambda: world.wallet.consider(ask().request(), NOW, Language.EN).queries(),
    ] * (THREADS // 8)
    got = outcomes(lambda: steps.pop()())
    assert set(got) <= {"done", "no_copies_left"}
    assert got["done"] >= THREADS - 2


def test_objects_are_let_go_by_any_thread() -> None:
    world = World(CredentialType.AGE, keys=OwnKeys(), store=DictStore())

    def use_and_drop() -> None:
        for _ in range(20):
            world.wallet.consider(ask().request(), NOW, Language.EN)
            Wallet.with_store(DictStore(), OwnKeys()).credentials(Language.EN)

    assert outcomes(use_and_drop) == {"done": THREADS}


def test_from_an_event_loop() -> None:
    async def story() -> object:
        # Steps wait for disks and key stores, so they leave the loop's own thread.
        world = await asyncio.to_thread(World, CredentialType.AGE, count=4)
        questions = [ask() for _ in range(4)]
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                await asyncio.sleep(0)
                ticks += 1

        ticking = asyncio.create_task(tick())
        for question in questions:
            given = await asyncio.to_thread(answer, world.wallet, question)
            verdict = await asyncio.to_thread(question.verify, given, world.trust, NOW)
            assert verdict.credential("age").value(OVER_18) is True
        ticking.cancel()
        assert ticks > 0
        return await asyncio.to_thread(world.copies_left)

    assert asyncio.run(story()) == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot split a process")
@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_a_child_of_a_fork_works_on_its_own() -> None:
    world = World(CredentialType.AGE, keys=OwnKeys(), store=DictStore(), callback_timeout_secs=3)
    assert world.is_whole()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        failed = 1
        try:
            fresh = World(CredentialType.AGE, keys=OwnKeys(), store=DictStore())
            assert fresh.is_whole()
            # The thread that calls the parent's callbacks is not here: one call is lost, then there is a new thread.
            try:
                world.wallet.credentials(Language.EN)
            except LlaveroError as error:
                assert error.code() == "callback_timed_out"
            assert len(world.wallet.credentials(Language.EN)) == 1
            failed = 0
        finally:
            os._exit(failed)
    _, status = os.waitpid(child, 0)
    assert status == 0
    assert world.is_whole()
