"""Pages as a designer looks at them: Chinese line ends, rare names, long tables, nothing cut, nothing over another."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4

from fieldapp.reports.content import AreaMap, Curve, Grid, Imprint, Line, Matrix, Paper, Picture, Section, Shape, Words
from fieldapp.reports.document import MARGIN
from fieldapp.reports.linebreaks import line_ends
from fieldapp.reports.paper import render as render_paper
from fieldapp.reports.visit_report import render
from tests.reports.conftest import tool
from tests.reports.test_visit_report import picture, report

IMPRINT = Imprint("青石县柏叶镇人民政府", "测试", "20261121-000000", "王敏", "2026-11-21 10:05", "20261121-000000")
NOT_AT_START, NOT_AT_END = "，。、；：？！）》】」’”%", "（《【「‘“"
PROSE = "他说：“今年收成不好，（去年也不好）。”医药费花了 118000 元，借了 43000 元；还有谁肯借呢？没有了！《承诺书》已签。" * 12
RARE = ("𬱖", "䶮", "㛃", "\U00020bb7", "\U0002b7a9")


def paper(*parts: object, **how: object) -> Paper:
    return Paper(IMPRINT, (Section("一节", tuple(parts)),), **how)  # type: ignore[arg-type]


def boxes(pdf: bytes) -> list[list[tuple[str, float, float, float, float]]]:
    """Per page: (word, x0, y0, x1, y1) as pdftotext sees them, origin at the top left."""
    import re

    done = subprocess.run([tool("pdftotext"), "-bbox", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    found = []
    for page in done.split("<page ")[1:]:
        words = re.findall(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>', page)
        found.append([(w[4], *(float(n) for n in w[:4])) for w in words])
    return found


def check_pages(pdf: bytes) -> int:
    """Nothing outside the margins, no two words over each other; returns the number of pages."""
    pages = boxes(pdf)
    for number, words in enumerate(pages, 1):
        for word, x0, y0, x1, y1 in words:
            assert x0 >= MARGIN - 2, (number, word)
            assert x1 <= A4[0] - MARGIN + 3, (number, word)
            assert y0 >= 0, (number, word)
            assert y1 <= A4[1], (number, word)
        for at, (word, x0, y0, x1, y1) in enumerate(words):
            for other, u0, v0, u1, v1 in words[at + 1 :]:
                across, down = min(x1, u1) - max(x0, u0), min(y1, v1) - max(y0, v0)
                assert across <= 1 or down <= min(y1 - y0, v1 - v0) * 0.45, (number, word, other)
    return len(pages)


def test_no_line_begins_or_ends_with_what_it_must_not() -> None:
    pdf = render_paper(paper(Words(PROSE), Line("说明", PROSE), Grid("", ("说明", "又"), ((PROSE, PROSE),)))).pdf
    done = subprocess.run([tool("pdftotext"), "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    document = pypdfium2.PdfDocument(pdf)
    told = "\n".join(page.get_textpage().get_text_range() for page in document)
    for line in (each.strip() for each in told.splitlines() if each.strip()):
        assert line[0] not in NOT_AT_START, line
        assert line[-1] not in NOT_AT_END, line
    assert "118000" in done.stdout.decode()


@pytest.mark.parametrize("character", RARE)
def test_rare_names_are_found_again(character: str, text_of: Callable[[bytes], str]) -> None:
    drawn = render_paper(paper(Line("姓名", f"邓{character}"), Words(f"邓{character}签字")))
    assert not drawn.missing
    text = text_of(drawn.pdf)
    assert text.count(f"邓{character}") == 2
    document = pypdfium2.PdfDocument(drawn.pdf)
    assert f"邓{character}" in document[0].get_textpage().get_text_range()


def test_a_household_of_fourteen_with_sixty_photos() -> None:
    big = report(members=14, photos=0)
    big = replace(big, photos=tuple(Picture(f"照片 {n + 1}", picture(800 if n % 2 else 300, 300 if n % 2 else 800)) for n in range(60)))
    pdf = render(big).pdf
    assert check_pages(pdf) >= 10
    with pikepdf.open(io.BytesIO(pdf)) as document:
        images = [obj for obj in document.objects if isinstance(obj, pikepdf.Stream) and obj.get("/Subtype") == "/Image"]
        assert len(images) >= 2  # equal photos share one
        assert all(min(int(image.Width), int(image.Height)) <= 800 for image in images)


def test_many_people_stand_side_by_side_in_further_tables() -> None:
    names = tuple(f"成员{n}" for n in range(1, 15))
    lines = tuple((f"问题 {n}：" + "较长的问题文字" * (n % 3), tuple(f"答{n}-{m}" for m in range(14))) for n in range(30))
    pdf = render_paper(paper(Matrix("家庭成员", names, lines))).pdf
    assert check_pages(pdf) >= 3
    heads = [sum(word.startswith("成员") for word, *_ in page) for page in boxes(pdf)]
    assert all(count >= 4 for count in heads), "a page of the table without its head"


def test_long_words_and_long_answers_stay_in_their_cells() -> None:
    pdf = render_paper(paper(
        Line("网址", "https://example.invalid/" + "a" * 150), Line("很长的问题" * 12, "是"),
        Grid("", ("编号", "说明", "备注"), tuple((f"YJ-{n:04d}", "说明" * (n % 40), "x" * (n % 60)) for n in range(80))),
    )).pdf  # fmt: skip
    check_pages(pdf)


def test_an_answer_longer_than_a_page_goes_over_pages() -> None:
    assert check_pages(render_paper(paper(Line("经过", PROSE * 6), Line("后面", "还在"))).pdf) >= 2


def test_pages_are_not_boxes_and_not_blank(tmp_path: Path) -> None:
    """Rendered as ink: every page carries some, and a name in Noto is not the box of a missing glyph."""
    pdf = render(report()).pdf
    for page in pypdfium2.PdfDocument(pdf):
        ink = page.render(scale=0.5).to_pil().convert("L").point(lambda level: level < 128 and 255).getbbox()
        assert ink


def test_map_and_curve_are_vectors() -> None:
    ring = ((118.0, 30.0), (118.02, 30.0), (118.02, 30.02), (118.0, 30.02))
    shapes = (Shape("三组", (ring,), "done"), Shape("四组", (tuple((x + 0.02, y) for x, y in ring),), "todo"))
    pdf = render_paper(paper(AreaMap(shapes, (("done", "完成"), ("todo", "未开始"))), Curve(("11/1", "11/2", "11/3"), (3, 9), 20, "已排查"))).pdf
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert not [obj for obj in document.objects if isinstance(obj, pikepdf.Stream) and obj.get("/Subtype") == "/Image"]
    words = [word for page in boxes(pdf) for word, *_ in page]
    assert {"三组", "四组", "完成"} <= set(words)
    check_pages(pdf)


def test_what_the_camera_wrote_into_a_photo_stays_behind() -> None:
    from tests.reports.homes import photo

    pdf = render(replace(report(photos=0), photos=(Picture("门", photo()),))).pdf
    assert b"SECRET-CAMERA" in photo()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        images = [obj for obj in document.objects if isinstance(obj, pikepdf.Stream) and obj.get("/Subtype") == "/Image"]
        assert len(images) == 1
        assert b"SECRET-CAMERA" not in images[0].read_raw_bytes()


def test_a_photo_that_is_not_here_yet_says_so(text_of: Callable[[bytes], str]) -> None:
    text = text_of(render(replace(report(photos=0), photos=(Picture("大门", None),))).pdf)
    assert "照片尚未下载到本机" in text


def test_strokes_of_other_pens_are_drawn() -> None:
    from fieldapp.reports.content import Signed

    pen = json.dumps({"strokes": [[[0.1, 0.2, 0], [0.4, 0.9, 12, 0.7]], []]}).encode()
    assert render(replace(report(), signatures=(Signed("调查人", pen),))).pdf


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet="收成不好，。、（）“”《》abc 12.5", max_size=80), st.integers(3, 30))
def test_every_letter_stands_on_one_line_and_no_line_is_wider_than_its_room(text: str, room: int) -> None:
    lines = list(line_ends(text, [1.0] * len(text), [float(room)]))
    assert [start for start, _, _ in lines] == ([0] if text else []) + [after for _, _, after in lines][:-1]
    assert "".join(text[start:end] for start, end, _ in lines).replace(" ", "") == text.replace(" ", "")
    assert all(end - start <= room for start, end, _ in lines)


def test_a_long_number_is_broken_only_when_it_must() -> None:
    text = "借款118000元"
    assert [text[a:b] for a, b, _ in line_ends(text, [1.0] * len(text), [6.0])] == ["借款", "118000", "元"]
    assert [text[a:b] for a, b, _ in line_ends(text, [1.0] * len(text), [4.0])] == ["借款", "1180", "00元"]
