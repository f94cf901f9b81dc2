"""Makes the EPUB, Word and PDF files of `files/`: python -m tests.formats.make_documents.

The same bytes each time: nothing is compressed, so that a diff of a file tells what changed in it, and no
file has a date. `test_documents.py` checks that the files are what this makes.
"""

import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

FILES = Path(__file__).parent / "files"

CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="{}" media-type="application/oebps-package+xml"/></rootfiles>
</container>"""
XHTML = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">
<head><title>not read</title><link rel="stylesheet" href="style.css"/></head>
<body>
{}
</body>
</html>"""
SMIL = """<smil xmlns="http://www.w3.org/ns/SMIL" xmlns:epub="http://www.idpf.org/2007/ops" version="3.0">
<body><seq epub:textref="ch.xhtml" epub:type="chapter">
{}
</seq></body></smil>"""


def main() -> None:
    for path, content in documents().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def documents() -> dict[Path, bytes]:
    """Every file that is made here, by its path."""
    kinds = {"epub": books(), "docx": word_documents(), "pdf": pdf_files()}
    return {FILES / kind / name: content for kind, files in kinds.items() for name, content in files.items()}


def archived(entries: Mapping[str, str | bytes]) -> bytes:
    """A ZIP file of these entries, nothing compressed, of the first day that ZIP knows."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for name, data in entries.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return content.getvalue()


def book(package: str, entries: Mapping[str, str | bytes], path: str = "OEBPS/content.opf") -> bytes:
    """An EPUB with this package document at `path`."""
    head = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER.format(path),
        path: package,
    }
    return archived({**head, **entries})


def spoken(*pars: tuple[str, str, str, str]) -> str:
    """A SMIL file of (id in the document, audio, begin, end)."""
    return SMIL.format(
        "\n".join(
            f'<par><text src="{text}"/><audio src="{audio}" clipBegin="{begin}" clipEnd="{end}"/></par>'
            for text, audio, begin, end in pars
        )
    )


def books() -> dict[str, bytes]:
    return {
        "novel.epub": _novel(),
        "read-aloud.epub": _read_aloud(),
        "words.epub": _words(),
        "lengths-unknown.epub": _lengths_unknown(),
        "locked.epub": _locked(),
        "damaged.epub": book("<package>\n<manifest>\n<item>\n</manifest>\n</package>", {}),
        "cut.epub": _novel()[:1500],
    }


def _novel() -> bytes:
    """EPUB 2 of a sloppy tool: the type is not the first entry, a path is escaped, a document is no XML."""
    return archived(
        {
            "META-INF/container.xml": CONTAINER.format("content.opf"),
            "content.opf": """\ufeff<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="2.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">
<dc:title>Der Leuchtturm</dc:title><dc:title>Zweiter Titel</dc:title>
<dc:creator opf:role="aut">Ada Finch</dc:creator><dc:creator>Bo  Finch</dc:creator>
<dc:language>de-AT</dc:language><meta name="cover" content="img"/>
</metadata>
<manifest>
<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
<item id="cover" href="cover.xhtml" media-type="application/xhtml+xml"/>
<item id="two" href="text/two.html" media-type="text/html"/>
<item id="one" href="text/Kapitel%201.xhtml" media-type="application/xhtml+xml"/>
<item id="img" href="lamp.png" media-type="image/png"/>
</manifest>
<spine toc="ncx"><itemref idref="cover" linear="no"/><itemref idref="one"/><itemref idref="img"/>
<itemref idref="gone"/><itemref idref="two"/><itemref idref="one"/></spine>
</package>""",
            "cover.xhtml": XHTML.format("<p>Nur das Bild</p>"),
            "text/Kapitel 1.xhtml": """<?xml version='1.0' encoding='utf-8'?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>1</title></head><body>
<h1 id="h"><a id="top"/>Erstes Kapitel</h1>
<p>&bdquo;Brennt die&nbsp;Lampe?&ldquo;<br/>Sie brannte&#160;&ndash; im Licht&shy;haus.</p>
<p class="x">Es war <i>dun</i>kel.</p><p> &nbsp; </p>
</body></html>""",
            "text/two.html": "<html><body><h1>Zweites<p>Die M&ouml;wen & das Meer<p>schliefen.</body>",
            "toc.ncx": "<ncx/>",
            "mimetype": "application/epub+zip\n",
        }
    )


def _read_aloud() -> bytes:
    """EPUB 3, a line to each sentence, an audio file to each chapter, their lengths stated."""
    return book(
        """<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="en">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title id="t">The Keeper &amp; the Lamp</dc:title><dc:language>en</dc:language>
<meta property="media:duration" refines="#s1">0:00:12.5</meta>
<meta property="media:duration" refines="#s2">8s</meta>
<meta property="media:duration">0:00:20.500</meta>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="c1" href="xhtml/ch1.xhtml" media-type="application/xhtml+xml" media-overlay="s1"/>
<item id="c2" href="xhtml/ch2.xhtml" media-type="application/xhtml+xml" media-overlay="s2"/>
<item id="c3" href="xhtml/end.xhtml" media-type="application/xhtml+xml"/>
<item id="s1" href="smil/ch1.smil" media-type="application/smil+xml"/>
<item id="s2" href="smil/ch2.smil" media-type="application/smil+xml"/>
<item id="a1" href="audio/ch1.mp3" media-type="audio/mpeg"/>
</manifest>
<spine><itemref idref="nav"/><itemref idref="c1"/><itemref idref="c2"/><itemref idref="c3"/></spine>
</package>""",
        {
            "OEBPS/nav.xhtml": XHTML.format(
                '<nav epub:type="landmarks"><a href="xhtml/ch2.xhtml">Start</a></nav>'
                '<nav epub:type="toc"><h1>Contents</h1><ol>'
                '<li><a href="xhtml/ch1.xhtml#h">One: <b>Night</b></a></li>'
                '<li><a href="xhtml/ch2.xhtml">Two</a>'
                '<ol><li><a href="xhtml/ch2.xhtml#b2">Gulls</a></li></ol></li>'
                '<li><a href="xhtml/end.xhtml">The end</a></li></ol></nav>'
            ),
            "OEBPS/xhtml/ch1.xhtml": XHTML.format(
                '<section><h1 id="h">Night</h1>\n<p>“<span id="s1">Is it lit?</span>” <span id="s2">It is,\n'
                'she said</span><a epub:type="noteref" href="#n">1</a>. '
                '<span epub:type="pagebreak" id="p7">7</span>'
                '<span id="s3">Then <em>it</em> rained.</span></p>\n'
                '<hr/><p id="s4">All night.</p><p>* * *</p>\n'
                '<aside epub:type="footnote" id="n">She was right.</aside></section>'
            ),
            "OEBPS/xhtml/ch2.xhtml": XHTML.format('<h1 id="b1">Day</h1><p id="b2">Gulls.</p>'),
            "OEBPS/xhtml/end.xhtml": XHTML.format("<p>Made on the rock.</p>"),
            "OEBPS/smil/ch1.smil": spoken(
                ("../xhtml/ch1.xhtml#h", "../audio/ch1.mp3", "0:00:00.000", "0:00:01.500"),
                ("../xhtml/ch1.xhtml#s1", "../audio/ch1.mp3", "00:01.5", "00:03"),
                ("../xhtml/ch1.xhtml#s2", "../audio/ch1.mp3", "3s", "5250ms"),
                ("../xhtml/ch1.xhtml#s3", "../audio/ch1.mp3", "5.25", ""),
                ("../xhtml/ch1.xhtml#s4", "../audio/ch1.mp3", "0.15min", "12s"),
            ),
            "OEBPS/smil/ch2.smil": spoken(
                ("../xhtml/ch2.xhtml#b1", "../audio/ch2.mp3", "0s", "1s"),
                ("../xhtml/ch2.xhtml#b2", "../audio/ch2.mp3", "2s", "8s"),
            ),
            "OEBPS/audio/ch1.mp3": b"no sound",
        },
    )


def _words() -> bytes:
    """A time for each word, some of them in two clips; a title is not read aloud."""
    words = "The lamp is lit. It burns all night".split()
    spans = " ".join(f'<span id="w{number}">{word}</span>' for number, word in enumerate(words))
    clips = [(f"ch.xhtml#w{n}", "all.mp4", f"{n * 500}ms", f"{n * 500 + 400}ms") for n in range(len(words))]
    return book(
        """<package xmlns="http://www.idpf.org/2007/opf" version="3.0">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title> </dc:title><dc:language>mul</dc:language></metadata>
<manifest><item id="c" href="ch.xhtml" media-type="application/xhtml+xml" media-overlay="s"/>
<item id="s" href="ch.smil" media-type="application/smil+xml"/></manifest>
<spine><itemref idref="c" linear="no"/></spine></package>""",
        {
            "ch.xhtml": XHTML.format(f"<h2>Night</h2><p>{spans}, or <b>so</b>.</p><p>Aye.</p>"),
            "ch.smil": spoken(*clips[:4], ("ch.xhtml#w3", "all.mp4", "1900ms", "1950ms"), *clips[4:]),
        },
        path="package.opf",
    )


def _lengths_unknown() -> bytes:
    """Two audio files, their lengths not stated; a clip of a whole section, one for a voice of the device."""
    smil = spoken(
        ("ch.xhtml#a", "1.mp3", "0s", "4s"),
        ("ch.xhtml#b", "1.mp3", "4s", "9s"),
        ("ch.xhtml#c", "2.mp3", "0s", "3s"),
    )
    return book(
        """<package xmlns="http://www.idpf.org/2007/opf" version="3.0">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>灯台</dc:title><dc:language>ja</dc:language></metadata>
<manifest><item id="c" href="ch.xhtml" media-type="application/xhtml+xml" media-overlay="s"/>
<item id="s" href="ch.smil" media-type="application/smil+xml"/></manifest>
<spine><itemref idref="c"/></spine></package>""",
        {
            "OEBPS/ch.xhtml": XHTML.format(
                '<section id="a"><h1><ruby>灯台<rt>とうだい</rt></ruby></h1>'
                "<p>灯りがつくと、船は港へ帰ってきます。</p><p><b>風</b>が<i>吹く</i>。</p></section>"
                '<p id="b">鳥たちは夜のあいだずっと岩の上で眠っています。</p>'
                '<p id="c">朝になると、灯台守は灯りを消して眠りにつきます。</p><p id="d">おわり</p>'
            ),
            "OEBPS/ch.smil": smil.replace("</seq>", '<par><text src="ch.xhtml#d"/></par></seq>'),
        },
    )


def _locked() -> bytes:
    return book(
        """<package xmlns="http://www.idpf.org/2007/opf" version="2.0"><manifest>
<item id="c" href="ch.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="c"/></spine></package>""",
        {
            "META-INF/encryption.xml": """<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#">
<EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/>
<CipherData><CipherReference URI="OEBPS/ch.xhtml"/></CipherData></EncryptedData></encryption>""",
            "OEBPS/ch.xhtml": bytes(range(256)),
        },
    )


RELATIONS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="1" Target="{}"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>
<Relationship Id="2" Target="docProps/core.xml"
 Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"/>
</Relationships>"""
CORE = """<cp:coreProperties xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties">
<dc:title>{}</dc:title><dc:creator>Ada</dc:creator><dc:language>{}</dc:language></cp:coreProperties>"""
WORD = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">
<w:body>{}</w:body></w:document>"""


def word_document(body: str, core: str | None = None, path: str = "word/document.xml") -> bytes:
    """A Word document; `body` is what stands in its body."""
    entries = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": RELATIONS.format(path),
        path.lstrip("/"): body if body.startswith("<?xml") else WORD.format(body),
        "word/header1.xml": WORD.format(paragraph("Confidential")),
    }
    return archived(entries if core is None else {**entries, "docProps/core.xml": core})


def paragraph(text: str, style: str = "", mark: str = "") -> str:
    """A paragraph of one run. mark: properties of its end."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/><w:rPr>{mark}</w:rPr></w:pPr>' if style or mark else ""
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>\n'


def word_documents() -> dict[str, bytes]:
    return {
        "minutes.docx": _minutes(),
        "exported.docx": _exported(),
        "japanese.docx": _japanese(),
        "damaged.docx": word_document("\n<w:p>\n<w:r></w:p>"),
    }


def _minutes() -> bytes:
    """Word's own: tracked changes, a table, a text box twice over, hidden text, fields, a soft hyphen."""
    box = f"<w:txbxContent>{paragraph('In a box.')}</w:txbxContent>"
    return word_document(
        paragraph("The harbour board", "Title")
        + paragraph("First item", "Heading1")
        + """<w:p><w:pPr><w:rPr><w:b/></w:rPr></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>ADA:</w:t></w:r>
<w:r><w:tab/><w:t xml:space="preserve">The lamp </w:t></w:r>
<w:del w:id="1"><w:r><w:delText>was</w:delText></w:r></w:del><w:ins w:id="2"><w:r><w:t>is</w:t></w:r></w:ins>
<w:r><w:t xml:space="preserve"> lit at 5</w:t><w:noBreakHyphen/><w:t>6 in the light</w:t>
<w:softHyphen/><w:t>house.</w:t><w:br/><w:t>R&amp;D knows.</w:t></w:r>
<w:r><w:rPr><w:vanish/></w:rPr><w:t>Not shown.</w:t></w:r>
<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t xml:space="preserve"> Shown.</w:t></w:r></w:p>
"""
        + """<w:tbl><w:tblPr/><w:tr><w:tc>"""
        + paragraph("Bo")
        + "</w:tc><w:tc>"
        + paragraph("Aye.")
        + paragraph("Twice.")
        + "</w:tc></w:tr></w:tbl>"
        + f"""<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps">{box}</mc:Choice>
<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>Around a box.</w:t></w:r></w:p>"""
        + """<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>
<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>Page two</w:t></w:r>
<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>
<w:p/><w:p><w:r><w:t xml:space="preserve">  </w:t></w:r></w:p><w:sectPr><w:headerReference/></w:sectPr>"""
    )


def _exported() -> bytes:
    """Another program's: the strict namespace, another name of the part, controls, links, UTF-16."""
    body = f"""<?xml version="1.0" encoding="UTF-16"?>
<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>
<w:sdt><w:sdtContent>{paragraph("Ada  00:12")}</w:sdtContent></w:sdt>
<w:p><w:r><w:t>Is it</w:t></w:r><w:hyperlink><w:r><w:t xml:space="preserve"> lit</w:t></w:r></w:hyperlink>
<w:sdt><w:sdtContent><w:r><w:t>?</w:t></w:r></w:sdtContent></w:sdt>
<w:smartTag><w:r><w:t> Où ça ?</w:t></w:r></w:smartTag></w:p>
{paragraph("The harbour board", "Title")}</w:body></w:document>"""
    entries = {
        "word/document2.xml": body.encode("utf-16"),
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": RELATIONS.format("/word/document2.xml"),
        "docProps/core.xml": CORE.format("  Le phare\n", "fr-FR"),
    }
    return archived(entries)


def _japanese() -> bytes:
    """Ruby; a paragraph whose end is deleted, and one that is deleted whole."""
    deleted = '<w:del w:id="3"/>'
    return word_document(
        "<w:p><w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>とうだい</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>灯台</w:t></w:r></w:rubyBase></w:ruby></w:r><w:r><w:t>の灯り</w:t></w:r></w:p>"
        + paragraph("灯りが", mark=deleted)
        + paragraph("つく。")
        + f"<w:p><w:pPr><w:rPr>{deleted}</w:rPr></w:pPr>"
        + "<w:del><w:r><w:delText>消す</w:delText></w:r></w:del></w:p>"
        + paragraph("灯台守は毎晩、日が沈む前に階段を上り、灯りをつけて海を見ます。" * 4),
        core=CORE.format("", "ja-JP"),
    )


def pdf(pages: Iterable[Iterable[str]], catalogue: str = "", title: str = "") -> bytes:
    """A PDF of lines, in Helvetica with the letters of Windows-1252, nothing compressed.

    A line that begins with "[" is the argument of TJ, as it stands: pieces of text with gaps between them.
    """
    streams = [_content(lines) for lines in pages]
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(streams)))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Type /Encoding "
        "/BaseEncoding /WinAnsiEncoding /Differences [1 /fi /fl] >> >>",
        f"<< /Title ({title}) /Producer (a test) >>",
    ]
    for number, stream in enumerate(streams):
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {6 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream.encode('cp1252'))} >>\nstream\n{stream}\nendstream")
    body, places = b"%PDF-1.4\n", []
    for number, definition in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{definition}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"<< /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R >>"
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n"
    return body + f"{head}{table}trailer\n{trailer}\nstartxref\n{len(body)}\n%%EOF\n".encode()


def _content(lines: Iterable[str]) -> str:
    """The drawing of the lines below each other."""
    shown = []
    for line in lines:
        escaped = line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        shown.append(f"{line} TJ T*" if line.startswith("[") else f"({escaped}) Tj T*")
    return "\n".join(["BT /F1 11 Tf 14 TL 60 780 Td", *shown, "ET"])


def pdf_files() -> dict[str, bytes]:
    return {
        "talk.pdf": _talk(),
        "book.pdf": _book(),
        "slides.pdf": _slides(),
        "scanned.pdf": pdf([[], []]),
        "damaged.pdf": b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\n",
    }


def _talk() -> bytes:
    """Headers, page numbers with their count, hyphens, a paragraph over a page break."""
    bodies = [
        [
            "The harbour board, first meeting",
            "ADA: Good evening, and welcome to the lighthouse. Let us begin with the light-",
            "house itself, which is wet (in the cellar) and old. The door was painted in a well-",
            "known green. That well-known green has come off, and the last coat of the north-",
            "East side is from 1969.",
            "BO: Who counts the ships?",
        ],
        [
            "ADA: Nobody has counted them since the radar came. In the café they say that it",
            "counts by itself, day and night, and writes what it has seen into a book that is",
        ],
        ["kept under the bench.", "BO: Aye.", "42"],
        ["ADA: Then we close."],
    ]
    pages = (
        ["Salt & Light", *lines, f"Page {number} of 4", "© 2024"] for number, lines in enumerate(bodies, 1)
    )
    return pdf(pages, "/Lang (en-GB)", "The harbour board")


def _book() -> bytes:
    """Headers that differ on left and right pages, ligatures, kerning, no hint of the language."""
    text = [
        [
            "[(Der W) 80 (ärter)]",
            "Er \x01ndet die Lampe, und er geht die hundert Stufen hinab, bis er am Meer steht, das",
            "still ist.",
        ],
        ["Die \x02inken Möwen schla\xadfen. [sic]", "Es ist Nacht."],
        ["[(Die) -300 (L) 20 (ampe) -300 (brennt.)]"],
        ["Das Licht\xad", "haus – so sagt man – ist alt."],
        ["Der Wind kommt auf."],
        ["Ende"],
    ]
    heads = [[str(page), "Die Nacht"] if page % 2 else ["Salz und Licht", str(page)] for page in range(1, 7)]
    pages = ([*head, *lines] for head, lines in zip(heads, text, strict=True))
    return pdf(pages, title="Microsoft Word - W\xe4rter_2.docx")


def _slides() -> bytes:
    """Short lines that do not go on; the same word first on two pages; numbers that do not count up."""
    return pdf(
        [
            ["Lamps", "- one that is lit", "- two that are not", "7"],
            ["Lamps", "Thank you!", "3"],
            ["“Aye”", "5"],
        ]
    )


if __name__ == "__main__":
    main()
