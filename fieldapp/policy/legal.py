"""The documents rules rest on, and which of them is cited on a day (the Law in force since 2026-07-01)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

LAW_IN_FORCE = date(2026, 7, 1)


class Document(msgspec.Struct, frozen=True):
    """A source: names, the days it is cited, and the mark of ``facts.md`` (CERTAIN unless said otherwise)."""

    id: str
    zh: str
    en: str
    since: date
    until: date | None = None
    mark: str = "CERTAIN"


class Clause(msgspec.Struct, frozen=True, gc=False):
    """One place in a document; ``article`` as in "18", "13(4)", or "" for the document as a whole."""

    doc: str
    article: str = ""

    def words(self, lang: str) -> str:
        """"《社会救助法》第18条", "the Law §18"."""
        document = DOCUMENTS.get(self.doc)
        if document is None:
            return f"{self.doc} {self.article}".strip()
        if lang == "en":
            return f"{document.en} §{self.article}" if self.article else document.en
        return f"{document.zh}第{self.article}条" if self.article else document.zh


_ALL = [
    Document("law", "《社会救助法》", "the Law", LAW_IN_FORCE),
    Document("regulation2014", "《社会救助暂行办法》", "the 2014 Regulation", date(2014, 5, 1), LAW_IN_FORCE),
    Document("measures2021", "《最低生活保障审核确认办法》", "the 2021 Measures", date(2021, 7, 1)),
    Document("tekun2021", "《特困人员认定办法》", "the 2021 Measures on extreme poverty", date(2021, 7, 1)),
    Document("rigid2024", "《刚性支出困难家庭认定办法》", "the 2024 Measures", date(2025, 1, 1)),
    Document("monitoring2023", "国办发〔2023〕39号", "State Council Office 2023 No. 39", date(2023, 10, 1)),
    Document("notice2022", "2022年10月兜底保障通知", "the notice of October 2022", date(2022, 10, 20)),
    Document("reform2020", "2020年社会救助改革意见", "the reform opinions of 2020", date(2020, 8, 1)),
    Document("temp2018", "民发〔2018〕23号", "Civil Affairs 2018 No. 23", date(2018, 1, 23)),
    Document("temp2026", "2026年临时救助意见", "the opinions of 2026", date(2026, 1, 1)),
    Document("children2019", "民发〔2019〕62号", "Civil Affairs 2019 No. 62", date(2019, 6, 18)),
    Document("children2020", "民发〔2020〕125号", "Civil Affairs 2020 No. 125", date(2020, 12, 24)),
    Document("orphans2010", "国办孤儿保障意见", "the 2010 opinions on orphans", date(2010, 11, 16)),
    Document("rehabilitation2018", "残疾儿童康复救助意见", "the 2018 opinions", date(2018, 10, 1)),
    Document("legal_aid2021", "《法律援助法》", "the Legal Aid Law", date(2022, 1, 1)),
    Document("stray2003", "国务院令第381号", "State Council Order 381", date(2003, 8, 1)),
    Document("childcare2025", "育儿补贴制度实施方案", "the 2025 scheme", date(2025, 1, 1), mark="CERTAIN*"),
    Document("county", "本县参数表", "the county's parameters", date(2000, 1, 1)),
    Document("catalogue", "政策一本通", "the policy catalogue", date(2000, 1, 1)),
]

DOCUMENTS: Mapping[str, Document] = {document.id: document for document in _ALL}


def cited_on(clauses: tuple[Clause, ...], on: date) -> tuple[Clause, ...]:
    """The clauses of documents in force on the day, in the order given (the highest first)."""
    return tuple(c for c in clauses if _in_force(DOCUMENTS[c.doc], on))


def _in_force(document: Document, on: date) -> bool:
    return document.since <= on and (document.until is None or on < document.until)


def clauses(*places: str) -> tuple[Clause, ...]:
    """Clauses from "law 18", "measures2021 13"."""
    split = (place.partition(" ") for place in places)
    return tuple(Clause(doc, article) for doc, _, article in split)
