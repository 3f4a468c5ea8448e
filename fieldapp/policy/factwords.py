"""What is wrong with a described family, in words: the place in the file, what it says, and the remedy."""

from __future__ import annotations

from collections.abc import Mapping

from fieldapp.errors import WorldError
from fieldapp.policy.words import Words

WORDS: Mapping[str, Words] = {
    "policy.case_key": ("不认识的键“{key}”", "the key {key} is not known"),
    "policy.case_value": ("“{key}”不是这里可写的值", "{key} is no value for it"),
    "policy.case_twice": ("与 {other} 说的不一致，只保留一处", "{other} says otherwise; keep one of them"),
    "policy.case_unknown": ("没有案例“{key}”", "no case {key}"),
    "policy.case_which": ("文件里有多个家庭，用 --case 选一个", "several families in the file; pick one with --case"),
    "policy.case_id_number": ("身份号码有误（{key}），核对后重填，或写 unknown",
                              "a wrong ID number ({key}); correct it or write unknown"),
    "policy.case_of_household": ("“{key}”写在家庭一级，不写在成员名下",
                                 "{key} is told of the household, not of a member"),
    "policy.case_less_than_members": ("家庭的 {key} 少于成员名下之和",
                                      "the family's {key} is less than its members' own"),
    "policy.fact_value": ("值不对：{reason}", "a wrong value: {reason}"),
    "policy.fact_unknown": ("词表里没有“{key}”", "no fact {key} in the vocabulary"),
    "policy.fact_level": ("“{where}”属于 {level} 一级", "{where} belongs to {level}"),
    "policy.fact_state": ("没有状态“{state}”，可写 unclear、refused、pending、empty",
                          "no state {state}; use unclear, refused, pending or empty"),
    "policy.facts_file": ("不是事实文件（{where}）", "not a file of facts ({where})"),
    "policy.facts_shape": ("“{where}”应写成 {key}", "{where} is written as {key}"),
    "policy.facts_twice": ("键“{key}”写了两次，删去一处", "the key {key} stands twice; delete one"),
    "policy.facts_unreadable": ("文件读不了：{reason}", "cannot be read: {reason}"),
}  # fmt: skip


def said(error: WorldError, lang: str = "en") -> str:
    """One line: place, what is wrong, the nearest known word, and what may stand there."""
    details = {"where": error.where, **error.details}
    pair = WORDS.get(error.code, ("{where}", "{where}"))
    at = str(details.get("place") or error.where)
    words = pair[lang == "en"].format_map(_Known(details))
    near = details.get("nearest")
    if near:
        words += f"; nearest known: {near}" if lang == "en" else f"；最接近的是 {near}"
    elif details.get("known"):
        words += f"; known: {details['known']}" if lang == "en" else f"；可写：{details['known']}"
    return f"{at}: {words}" if at else words


class _Known(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return ""
