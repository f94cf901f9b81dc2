"""The order in which recordings are handed out."""

from alignment.fleet.order import hosts_in_turn


def test_hosts_take_turns_and_each_keeps_its_order() -> None:
    given = ["https://a.org/1", "https://www.a.org/2", "https://a.org/3", "/here/1", "https://b.org/1"]
    assert hosts_in_turn(given, str) == [
        "https://a.org/1",
        "/here/1",
        "https://b.org/1",
        "https://www.a.org/2",
        "https://a.org/3",
    ]


def test_one_host_alone_stays_as_it_is() -> None:
    given = [f"https://a.org/{number}" for number in range(5)]
    assert hosts_in_turn(given, str) == given
    assert hosts_in_turn([], str) == []
