"""The sheets and columns of the workbook: its published schema. Reading, writing and checking go by this table."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class Column(msgspec.Struct, frozen=True):
    """One column: its key, its heading, what belongs in it, and whether a row must have it."""

    key: str
    heading: str
    help: str
    required: bool = False
    width: int = 16


COVER, PARAMETERS, POLICIES = "说明", "参数", "政策"
CONDITIONS, PAPERS, RELATIONS = "条件", "材料", "关系"

SHEETS: Mapping[str, tuple[Column, ...]] = {
    PARAMETERS: (
        Column("key", "参数", "见“参数登记表”的键名，例：dibao.standard_month.urban", required=True, width=46),
        Column("words", "名称", "自动带出，改了也不起作用", width=28),
        Column("value", "值", "金额填元；比例填 0.6 或 60%；空着即“参数未定”", width=22),
        Column("unit", "单位", "自动带出", width=14),
        Column("since", "生效日", "含当日，例：2026-07-01", required=True, width=12),
        Column("until", "失效日", "不含当日；仍有效的留空", width=12),
        Column("source", "文号", "发文字号", width=26),
        Column("clause", "条款", "第几条", width=12),
        Column("issuer", "发布机关", "", width=18),
        Column("entered_by", "录入人", "岗位", required=True, width=18),
        Column("approved_by", "复核人", "不能与录入人相同", required=True, width=18),
        Column("attachment", "附件校验值", "文件的 SHA-256", width=20),
    ),
    POLICIES: (
        Column("id", "政策编号", "稳定，永不复用", required=True, width=20),
        Column("zh", "名称", "", required=True, width=30),
        Column("en", "英文名", "", required=True, width=30),
        Column("department", "部门", "", required=True, width=14),
        Column("needs", "需求", "用顿号分开，只能用需求取值表里的词", required=True, width=24),
        Column("subject", "对象", "household 户 / person 人", required=True, width=12),
        Column("kind", "方式", "现金、实物、服务、减免、岗位、资助参保、资格", required=True, width=10),
        Column("per", "计量", "人月、户月、次……", width=8),
        Column("amount", "金额参数", "参数键名；没有的留空", width=26),
        Column("legal", "依据", "", width=28),
        Column("mark", "核实标记", "CERTAIN、CERTAIN*、FROM_MEMORY、UNSURE", required=True, width=14),
        Column("approved_by", "县审定人", "审定后 FROM_MEMORY、UNSURE 的才给群众看", width=14),
        Column("where", "办理地点", "", width=22),
        Column("by_list", "名单推送", "是：不需申请", width=8),
        Column("aliases", "别名", "用顿号分开", width=16),
        Column("accept_to_decide_wd", "办理工作日", "", width=10),
        Column("publicity_days", "公示天数", "", width=10),
        Column("note", "说明", "", width=20),
        Column("since", "生效日", "", required=True, width=12),
        Column("until", "失效日", "", width=12),
    ),
    CONDITIONS: (
        Column("policy", "政策编号", "", required=True, width=20),
        Column("version", "政策生效日", "同一政策有几个版本时填", width=12),
        Column("node", "节点", "本政策内不重复的号", required=True, width=8),
        Column("parent", "上级节点", "最上一层留空", width=10),
        Column("kind", "类型", "all 全部、any 任一、none 均不、at_least 至少、person 存在成员、fact 事实、rule 规则、"
               "param 参数、policy 其他政策", required=True, width=10),
        Column("name", "名称", "事实、规则、参数、政策的名字", width=34),
        Column("compare", "比较", "is、is_not、in、has、at_least、at_most、below、above", width=10),
        Column("value", "值", "多个值用逗号分开；“至少”填个数", width=26),
        Column("zh", "说明", "给人看的一句话，必填", width=34),
        Column("en", "英文说明", "", width=34),
    ),
    PAPERS: (
        Column("policy", "政策编号", "", required=True, width=20),
        Column("version", "政策生效日", "同一政策有几个版本时填", width=12),
        Column("doc", "材料事实", "doc.开头的事实", required=True, width=26),
        Column("zh", "材料名称", "", required=True, width=24),
        Column("en", "英文名", "", required=True, width=24),
        Column("must", "必交", "是/否", width=8),
        Column("skip_if", "核对到即免交", "check.开头的事实", width=28),
    ),
    RELATIONS: (
        Column("a", "政策甲", "", required=True, width=20),
        Column("b", "政策乙", "", required=True, width=20),
        Column("kind", "关系", "excludes 相斥、tops_up 补差、higher_of 就高、stacks 可叠加、includes 已包含",
               required=True, width=12),
        Column("source", "依据", "", width=30),
    ),
}  # fmt: skip
TOP = 2
"""Rows above the data: headings, and what belongs in each column."""


def heading_to_key(sheet: str) -> dict[str, str]:
    """Keys by heading; headings may stand in any order."""
    return {column.heading: column.key for column in SHEETS[sheet]}
