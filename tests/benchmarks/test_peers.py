import pytest

from tests.benchmarks.peers import Absent, Peer, environment


def test_a_program_that_is_missing_is_named():
    peer = Peer("some-peer", "3.11", (), programs=("no-such-program-7f3a",))

    with pytest.raises(Absent, match="needs no-such-program-7f3a"):
        environment(peer)
