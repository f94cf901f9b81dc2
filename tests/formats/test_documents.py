"""The EPUB, Word and PDF files among the files to be read."""

import pytest

from tests.formats.make_documents import FILES, documents


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.relative_to(FILES).as_posix())
def test_a_file_is_what_its_program_makes(path):
    assert path.read_bytes() == documents()[path]
