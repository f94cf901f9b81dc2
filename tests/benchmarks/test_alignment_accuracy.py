from tests.benchmarks.alignment_accuracy import Outcome, report
from tests.benchmarks.measuring import Cost
from tests.benchmarks.recordings import MeasuredRecording
from tests.shared_data import Recording

STARTS = {
    "n": 40, "mae_ms": 21.4, "median_ms": 12.0, "p95_ms": 54.4, "within_20": 0.688, "within_50": 0.906,
    "within_100": 0.984, "within_200": 0.992, "over_500": 0.0125, "bias_ms": -6.6,
}  # fmt: skip


def recording(tmp_path):
    return MeasuredRecording("some-talk", "en", Recording(tmp_path / "a", tmp_path / "t", None), 100.0)


def cells(row):
    return [cell.strip() for cell in row.strip("|").split("|")]


def test_what_a_system_costs_is_told_against_the_length_of_the_audio(tmp_path):
    ours = Outcome(
        "ours", Cost(7.25, 9.5, 587_000_000, 0.4), 4.0, {"words placed": {"n": 40, "share": 0.975}}
    )

    text = report(recording(tmp_path), [ours])

    assert text.startswith("### some-talk (en, 1 min 40 s)")
    row = next(line for line in text.splitlines() if line.startswith("| ours"))
    assert cells(row) == ["ours", "0.0400", "7.2 s", "9.5 s", "587 MB", "0.4", "97.50%", "-", "-", "-"]


def test_the_same_kind_of_boundary_stands_side_by_side(tmp_path):
    cost = Cost(1.0, 1.0, 1, 0.0)
    both = [Outcome(title, cost, 1.0, {"word start": STARTS}) for title in ("ours", "another")]

    rows = report(recording(tmp_path), both).split("| word start")[1].splitlines()

    assert cells(rows[2]) == [
        "ours", "40", "21", "12", "54", "68.8%", "90.6%", "98.4%", "99.2%", "1.25%", "-7",
    ]  # fmt: skip
    assert cells(rows[3])[0] == "another"


def test_a_system_that_cannot_be_had_says_why(tmp_path):
    absent = Outcome("another", None, None, {}, "needs espeak from the system's packages")

    text = report(recording(tmp_path), [absent])

    assert "another: needs espeak from the system's packages." in text
