import pytest

from tests.benchmarks.tables import markdown_table


def test_columns_line_up_and_numbers_stand_to_the_right():
    table = markdown_table(("system", "mean"), [("ours", "7"), ("another one", "123.5")])

    assert table.splitlines() == [
        "| system      |  mean |",
        "| ----------- | ----: |",
        "| ours        |     7 |",
        "| another one | 123.5 |",
    ]


def test_a_cell_cannot_break_out_of_its_row():
    table = markdown_table(("why", "n"), [("a | b\nc", "1")])

    assert table.splitlines()[2] == "| a \\| b c |   1 |"


def test_a_row_that_is_too_short_is_refused():
    with pytest.raises(ValueError, match="2 cells"):
        markdown_table(("system", "mean"), [("ours",)])
