import math

import numpy as np
import pytest

from tests.benchmarks.fleet.simulation import (
    Courtesy,
    Fleet,
    Rates,
    Recording,
    interleaved,
    recordings,
    simulate,
)


def same(count: int, *, sound: float = 10.0, host: int = -1) -> list[Recording]:
    """So many recordings, each a second of work for a second of sound."""
    return [(sound, host, 1.0)] * count


def test_one_worker_does_one_after_another():
    out = simulate(same(5), Fleet(1), Rates(fixed_s=2.0, store_s=0.5))

    assert out.makespan_s == pytest.approx(5 * 12.5)
    assert (out.done, out.tries, out.failed) == (5, 5, 0)
    assert out.utilisation == pytest.approx(1.0)


def test_several_share_the_work_and_wait_for_the_last():
    out = simulate(same(5), Fleet(2), Rates())

    assert out.makespan_s == pytest.approx(30.0)
    assert out.utilisation == pytest.approx(50 / 60)
    assert out.paid_s == pytest.approx(50.0)  # the other one has gone


def test_the_longest_last_keep_everybody_waiting():
    work = [(float(length), -1, 1.0) for length in (1, 2, 3, 4, 20)]

    last = simulate(work, Fleet(2), Rates())
    first = simulate(work[::-1], Fleet(2), Rates())

    assert first.makespan_s == pytest.approx(20.0)
    assert last.makespan_s == pytest.approx(24.0)


def test_what_a_lost_worker_had_is_begun_again():
    fleet, seconds = Fleet(20, lost_per_hour=36.0, replaced_s=5.0), 50.0

    out = simulate(same(4000, sound=seconds), fleet, Rates())

    assert out.done == 4000
    # A task of length T is begun exp(rate * T) times where losses come at that rate.
    assert out.tries / out.done == pytest.approx(math.exp(36 / 3600 * seconds), rel=0.03)
    assert 0 < out.waste < 1


def test_a_worker_that_is_lost_while_it_waits_is_replaced():
    rates = Rates(fetch_fails=1.0, pauses_s=(3600.0,))

    out = simulate(same(1, host=0), Fleet(1, lost_per_hour=60.0, replaced_s=1.0), rates)

    assert out.failed == 1


def test_a_fetch_that_never_succeeds_is_given_up_after_its_pauses():
    out = simulate(same(1, host=0), Fleet(3), Rates(fetch_s=0.1, fetch_fails=1.0, pauses_s=(30.0, 120.0)))

    assert (out.done, out.failed, out.tries) == (0, 1, 3)
    assert out.makespan_s == pytest.approx(30 + 120 + 3 * 1.0)


def test_one_host_gives_to_so_many_at_a_time():
    out = simulate(same(10, host=3), Fleet(10), Rates(fetch_s=1.0), Courtesy(at_a_time=2))

    assert out.makespan_s == pytest.approx(5 * 10 + 10)
    assert out.host_s == pytest.approx(2 * (0 + 10 + 20 + 30 + 40))


def test_one_host_is_asked_so_often():
    out = simulate(same(4, host=3), Fleet(4), Rates(fetch_s=0.0), Courtesy(pause_s=7.0))

    assert out.makespan_s == pytest.approx(3 * 7 + 10)


def test_other_hosts_do_not_wait_for_it():
    work = [(10.0, number, 1.0) for number in range(4)]

    assert simulate(work, Fleet(4), Rates(), Courtesy(1, 7.0)).host_s == 0


def test_a_coordinator_that_is_slow_is_what_everybody_waits_for():
    out = simulate(same(100, sound=1.0), Fleet(100), Rates(coordinator_s=1.0))

    assert out.makespan_s == pytest.approx(101.0)
    assert out.coordinator_s == pytest.approx(100.0)


def test_slow_machines_take_longer():
    even = simulate(same(100), Fleet(10), Rates())
    uneven = simulate(same(100), Fleet(10, slow=1.0, slow_times=3.0), Rates())

    assert uneven.makespan_s == pytest.approx(3 * even.makespan_s)


def test_a_seed_gives_the_same_run_again():
    fleet = Fleet(5, lost_per_hour=20.0, spread=0.2, slow=0.2)
    work = recordings(np.full(200, 60.0), (0.5, 1.5), shows=10, hosts=3)

    first, again = (simulate(work, fleet, Rates(fetch_fails=0.1), Courtesy(1), seed=4) for _ in range(2))

    assert first == again
    assert first != simulate(work, fleet, Rates(fetch_fails=0.1), Courtesy(1), seed=5)


def test_shows_stand_one_after_another_or_their_hosts_take_turns():
    work = [(1.0, 0, 1.0)] * 4 + [(1.0, 1, 1.0)] * 2

    assert [host for _, host, _ in interleaved(work)] == [0, 1, 0, 0, 1, 0]
