"""The visit report as its readers see it: every answer found, every font embedded, nothing lost."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from fieldapp.errors import InputError
from fieldapp.reports.content import (
    Comparison,
    Grid,
    Imprint,
    Line,
    Picture,
    Section,
    Signed,
    VisitReport,
)
from fieldapp.reports.visit_report import render

STROKES = json.dumps({"schema": "strokes/1", "shape": 0.4, "strokes": [[[0.1, 0.2], [0.5, 0.8], [0.9, 0.3]]]}).encode()
ARITHMETIC = ("550 − 500（刚性支出扣减，封顶）= 50", "50 ÷ 5 = 10 元 < 600 元")


def picture(width: int = 60, height: int = 40) -> bytes:
    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (width, height), (140, 150, 160)).save(made, "JPEG")
    return made.getvalue()


def report(members: int = 5, photos: int = 3, draft: str = "") -> VisitReport:
    return VisitReport(
        imprint=Imprint("青石县柏叶镇人民政府", "入户核查情况报告", "柏叶〔2026〕0117", "王敏", "2026-11-21 10:05", "RPT-0117"),
        summary=(Line("户主", "肖雨"), Line("人口", f"{members} 人"), Line("住址", "周岭村4组6号"), Line("走访时间", "2026-11-21 09:10")),
        sections=(
            Section("基本情况", (Line("走访缘由", "核查预警线索"), Line("在场家庭成员", "肖雨"))),
            Section(
                "家庭成员",
                (Grid("成员", ("姓名", "关系", "年龄", "病种"), tuple((f"邓{n}䶮㛃𬱖", "子女", str(n), "无") for n in range(members))),),
            ),
            Section("结论", (Line("调查结论与建议", "丈夫患肝癌，妻子独自照护三个孩子和病人，建议申请低保并转介医疗救助。" * 3),)),
        ),
        comparisons=(Comparison("最低生活保障", "first_match", "初步符合", ARITHMETIC, "社会救助法第十八条"),),
        needs=("基本生活", "医疗健康", "照护"),
        signatures=(Signed("调查人一：李秀", STROKES), Signed("调查人二：陈芳", STROKES), Signed("家庭成员：肖雨", STROKES)),
        photos=tuple(Picture(f"照片 {n + 1}", picture()) for n in range(photos)),
        history=(Line("2026-11-22 王敏 退回", "请补：是否愿意接受心理疏导？"),),
        form="入户核查 2026112101",
        draft=draft,
    )  # fmt: skip


def text_of(pdf: bytes, folder: Path) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is absent: the text layer of reports is NOT tested here")
    (folder / "r.pdf").write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", "-raw", str(folder / "r.pdf"), "-"], capture_output=True, check=True
    ).stdout.decode()


def test_every_answer_is_found_in_the_text(tmp_path: Path) -> None:
    text = "".join(text_of(render(report()).pdf, tmp_path).split())
    for wanted in (
        "肖雨",
        "周岭村4组6号",
        "邓3䶮㛃𬱖",
        "初步符合",
        "50÷5=10元<600元",
        "社会救助法第十八条",
        "是否愿意接受心理疏导",
        "第1页共",
    ):
        assert wanted in text, wanted


def test_every_font_is_embedded(tmp_path: Path) -> None:
    if not shutil.which("pdffonts"):
        pytest.skip("pdffonts is absent: embedding is NOT tested here")
    (tmp_path / "r.pdf").write_bytes(render(report()).pdf)
    lines = subprocess.run(["pdffonts", str(tmp_path / "r.pdf")], capture_output=True, check=True, text=True).stdout
    fonts = lines.splitlines()[2:]
    assert len(fonts) >= 2
    for font in fonts:
        assert font.split()[-5] == "yes", font


def test_a_character_no_font_has_is_named_and_printed_as_its_code(tmp_path: Path) -> None:
    drawn = render(replace(report(), needs=("\U0003134f",)))
    assert drawn.missing == {"\U0003134f"}
    assert "[U+3134F]" in text_of(drawn.pdf, tmp_path)


def test_a_family_of_fourteen_with_sixty_photos(tmp_path: Path) -> None:
    pdf = render(report(members=14, photos=60)).pdf
    assert "照片60" in "".join(text_of(pdf, tmp_path).split())
    if shutil.which("qpdf"):
        (tmp_path / "big.pdf").write_bytes(pdf)
        assert (
            subprocess.run(["qpdf", "--check", str(tmp_path / "big.pdf")], capture_output=True, check=False).returncode
            == 0
        )


def test_the_same_report_is_the_same_bytes() -> None:
    assert render(report()).pdf == render(report()).pdf


def test_a_draft_says_so(tmp_path: Path) -> None:
    assert "草稿：尚未经县级接收" in text_of(render(report(draft="尚未经县级接收")).pdf, tmp_path)
    assert "草稿" not in text_of(render(report()).pdf, tmp_path)


def test_what_is_no_photo_is_refused() -> None:
    with pytest.raises(InputError, match=r"photo\.unreadable"):
        render(replace(report(), photos=(Picture("x", b"not a picture"),)))
    with pytest.raises(InputError, match=r"signature\.unreadable"):
        render(replace(report(), signatures=(Signed("x", b"{}"),)))


def test_markup_in_an_answer_is_only_text(tmp_path: Path) -> None:
    drawn = render(replace(report(), needs=("<b>&amp;</b> <font name='x'>",)))
    assert "<b>&amp;</b> <font name='x'>" in text_of(drawn.pdf, tmp_path)
