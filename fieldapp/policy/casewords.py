"""The words of described cases, and the vocabulary's answers they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable

ROLES = {
    "husband": "spouse", "wife": "spouse", "partner": "spouse", "son": "child", "daughter": "child",
    "mother": "parent", "father": "parent", "mother-in-law": "parent_in_law", "father-in-law": "parent_in_law",
    "son-in-law": "child_in_law", "daughter-in-law": "child_in_law", "grandson": "grandchild",
    "granddaughter": "grandchild", "grandmother": "grandparent", "grandfather": "grandparent",
    "brother": "sibling", "sister": "sibling", "uncle": "other", "aunt": "other", "nephew": "other",
    "niece": "other", "cousin": "other", "stepson": "child", "stepdaughter": "child", "foster child": "child",
    "dad": "parent", "mum": "parent", "self": "head", "householder": "head",
    "妻": "spouse", "夫": "spouse", "妻子": "spouse", "丈夫": "spouse", "儿子": "child", "女儿": "child",
    "母亲": "parent", "父亲": "parent", "户主": "head", "本人": "head", "配偶": "spouse", "孙子": "grandchild",
    "孙女": "grandchild", "祖父": "grandparent", "祖母": "grandparent", "爷爷": "grandparent", "奶奶": "grandparent",
    "儿媳": "child_in_law", "女婿": "child_in_law", "公公": "parent_in_law", "婆婆": "parent_in_law",
    "岳父": "parent_in_law", "岳母": "parent_in_law", "兄弟": "sibling", "姐妹": "sibling", "child": "child",
    "friend": "none", "tenant": "none", "lodger": "none", "neighbour": "none", "nanny": "none",
}  # fmt: skip
"""Also with "_" or " " for "-", and "adopted", "step", "elder", "younger" before."""

_EVENTS = (
    ("traffic", r"traffic|car accident|road|车祸|交通"), ("fire", r"\bfire|burn|火灾"),
    ("disaster", r"flood|storm|landslide|earthquake|typhoon|hail|drought|snow|灾"),
    ("crime", r"crime|robbed|beaten|fraud|assault|侵害"), ("death", r"\bdied|death|去世|死亡"),
    ("job_loss", r"lost (the |his |her |a )?(job|work)|laid off|dismissed|失业"),
    ("injury", r"operation|surgery|injur|\bfell|\bfall|fracture|broke|伤|手术"),
    ("illness", r"\bill|illness|stroke|cancer|hospital|heart attack|leukaemia|病"),
    ("accident", r"accident|意外"), ("relocation", r"relocat|evacuat|转移"),
)  # fmt: skip
_WORK = (
    ("lost", r"\blost\b|laid off|dismissed|out of work|job loss|失业"),
    ("returned_early", r"returned early|came home early|提前返乡"),
    ("none", r"^(none|no|unemployed|jobless|no work|without work|无业|无)$"),
    ("retired", r"retire|退休"), ("student", r"student|pupil|在读"),
    ("self_employed", r"self.employed|own (shop|business)|自营"), ("farming", r"farm|grows|务农"),
    ("flexible", r"odd jobs|casual|part.time|flexible|灵活"),
    ("employed", r"employ|works?\b|job|worker|wage|务工|就业"),
)  # fmt: skip
_SCHOOL = (
    ("none", r"^(no|none)$|graduated|left school|dropped out|辍学|毕业"),
    ("postgraduate", r"postgrad|master|ph\.?d|doctor|graduate school|研究生|硕|博"),
    ("kindergarten", r"kindergarten|preschool|nursery|幼儿"), ("primary", r"primary|elementary|小学"),
    ("middle", r"middle|junior (high|middle|secondary)|初中"), ("vocational", r"vocational|technical|中职|中专"),
    ("high", r"high|senior|高中"), ("college", r"college|大专"),
    ("university", r"universit|undergrad|bachelor|本科|大学"),
)  # fmt: skip
_DISABILITY = (
    ("limb", r"limb|physical|肢体"), ("visual", r"visual|sight|blind|视力"), ("hearing", r"hearing|deaf|听力"),
    ("speech", r"speech|言语"), ("intellectual", r"intellect|智力"), ("mental", r"mental|psychiatric|精神"),
    ("multiple", r"multiple|多重"),
)  # fmt: skip
_PARENT = (
    ("dead", r"\bdead|died|deceased|死亡"), ("declared_missing", r"declared missing|宣告失踪"),
    ("lost_contact", r"out of contact|lost contact|no contact|失联|missing|ran away|left home"),
    ("detox", r"detox|戒毒"), ("sentence", r"prison|serving|sentence|jail|custody|服刑"),
    ("revoked", r"revoked|撤销"), ("deported", r"deport|遣送"), ("restricted", r"detain|restrict|限制"),
    ("disabled", r"disab|重残|残"), ("ill", r"\bill\b|illness|sick|重病"),
    ("not_found", r"not (to be )?found|cannot be found|unknown parent|查找不到"),
    ("present", r"alive|present|well|living|able|正常"),
)  # fmt: skip
_AWAY = (
    ("army", r"army|conscript|soldier|military|义务兵"), ("detox", r"detox|戒毒"),
    ("sentence", r"prison|serving|sentence|jail|gaol|custody|inmate|incarcerat|服刑"),
    ("missing", r"declared missing|宣告失踪"), ("unknown", r"missing|whereabouts|disappeared|下落不明|失踪"),
    ("religious", r"relig|monk|nun\b|temple|宗教"),
    ("school", r"school|college|universit|stud(y|ent|ies)|就学"), ("hospital", r"hospital|住院"),
    ("institution", r"institution|nursing home|供养"), ("work", r"\bwork|migrant|务工|打工"),
    ("none", r"^(no|none|home|at home|present|在家)$"), ("other", r"."),
)
_OBLIGOR_AWAY = (
    ("dead", r"\bdead|died|deceased|死亡"), ("sentence", r"prison|serving|sentence|jail|服刑"),
    ("missing", r"declared missing|宣告失踪"), ("no_capacity", r"capacity|无民事行为能力"),
)  # fmt: skip
_OBLIGOR = (
    ("child", r"\b(son|daughter|child)\b|子|女"), ("spouse", r"husband|wife|spouse"),
    ("parent", r"father|mother|parent|父|母"), ("sibling", r"brother|sister|sibling|兄|弟|姐|妹"),
    ("grandchild", r"grandson|granddaughter|grandchild"), ("grandparent", r"grandfather|grandmother|grandparent"),
)  # fmt: skip
TABLES = {
    "event": _EVENTS, "work": _WORK, "school": _SCHOOL, "disability": _DISABILITY, "parent": _PARENT,
    "away": _AWAY, "obligor": _OBLIGOR,
    "obligor_away": _OBLIGOR_AWAY,
}  # fmt: skip

_UNABLE = r"\bnot able|unable|cannot|can't|not capable|no ability|无能力|disabled|\bdead\b|died|prison|missing"
_ABLE = r"\bable\b|capable|can support|well off|有能力"


def first(table: str, text: str) -> str:
    """The first answer whose pattern is in the text, "" when none is."""
    return next((name for name, pattern in TABLES[table] if re.search(pattern, text, re.I)), "")


def every(table: str, text: str) -> list[str]:
    """All answers whose pattern is in the text."""
    return [name for name, pattern in TABLES[table] if re.search(pattern, text, re.I)]


def role(text: str, known: Iterable[str]) -> str:
    """The relation to the head, "" when the word is not known."""
    word = text.strip().lower().replace("_", "-").replace(" in law", "-in-law")
    word = re.sub(r"^(adopted|step|elder|younger|older|eldest|youngest|second|great)[- ]", "", word)
    plain = word.replace("-", "_")
    return plain if plain in known else ROLES.get(word, "")


def obligor_away(text: str) -> str:
    """Why an obligor cannot be held to the duty, "" when the words do not say."""
    return first("obligor_away", text)


def obligor_able(text: str) -> bool | None:
    """What a sentence about an obligor says of ability."""
    if re.search(_UNABLE, text, re.I):
        return False
    return True if re.search(_ABLE, text, re.I) else None
