import sys

import pytest

from tests.benchmarks import __main__ as command
from tests.benchmarks.benchmark import Benchmark, Selection


def of(name, absence=None):
    def sections(selection: Selection):
        yield f"{name} on {', '.join(selection.data)}"

    return Benchmark(name, name.title(), "How to read it.", sections, lambda selection: absence)


@pytest.fixture
def run(monkeypatch, tmp_path, capsys):
    """The command with benchmarks of the test's own; gives what it says."""
    monkeypatch.setattr(command, "RESULTS", tmp_path / "results")

    def run(benchmarks, *arguments):
        monkeypatch.setattr(command, "BENCHMARKS", benchmarks)
        monkeypatch.setattr(sys, "argv", ["benchmarks", *arguments])
        command.main()
        return capsys.readouterr().out

    return run


def kept(tmp_path):
    return [path.read_text("utf-8") for path in (tmp_path / "results").glob("*.md")]


def test_a_whole_run_is_kept_under_its_date(run, tmp_path):
    said = run((of("alignment"),))

    (report,) = kept(tmp_path)
    assert "## Alignment" in report
    assert "alignment on hand-labelled-words" in said


def test_a_run_of_a_part_is_shown_and_not_kept(run, tmp_path):
    said = run((of("alignment"),), "--data", "interview")

    assert "alignment on interview" in said
    assert kept(tmp_path) == []


def test_a_run_of_a_part_is_kept_where_it_is_asked_to_be(run, tmp_path):
    run((of("alignment"),), "--data", "interview", "-o", str(tmp_path / "new" / "part.md"))

    assert "alignment on interview" in (tmp_path / "new" / "part.md").read_text("utf-8")


def test_without_the_measuring_data_nothing_is_kept_and_nothing_fails(run, tmp_path):
    said = run((of("alignment", absence="There is no data."),))

    assert said == "Nothing measured of alignment. There is no data.\n"
    assert kept(tmp_path) == []


def test_an_unknown_name_is_wrong_usage(run, capsys):
    with pytest.raises(SystemExit, match="2"):
        run((of("alignment"),), "--systems", "ours,nobody")

    assert "nobody is none of ours, whisper" in capsys.readouterr().err
