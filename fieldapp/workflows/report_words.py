"""Words of papers for what documents keep as codes; a form's own choice labels come first."""

from __future__ import annotations

from fieldapp.policy.api import fact_info

PURPOSES = {
    "routine": "例行走访", "lead": "核查预警线索", "difficulty": "疑似困难上报", "application": "申请救助调查",
    "review": "动态复核", "revisit": "回访", "recheck": "抽查", "phone": "电话走访",
    "policy": "政策宣讲",
}  # fmt: skip
IDENTITIES = {
    "town": "乡镇工作人员", "village": "村（居）干部", "grid": "网格员", "collector": "信息员、协理员",
    "social": "社工", "resident": "驻村干部",
}  # fmt: skip
DECISIONS = {"approved": "审核通过（走访记录通过，不等于救助审核通过）", "returned": "退回补充"}
DOOR_ANSWERS = {
    "normal": "正常", "changed": "有变化", "difficulty": "疑似困难", "nobody_home": "无人在家", "all_away": "全家外出",
    "other": "其他", "new": "新发现",
}  # fmt: skip
OTHER_REASONS = {
    "lives_elsewhere": "人户分离", "refused": "拒访", "in_hospital": "住院", "institution": "集中供养",
    "in_prison": "服刑", "deceased": "死亡销户", "empty_house": "空置",
}  # fmt: skip
HOW_KNOWN = {"seen": "见到本人", "phone": "电话", "neighbour": "邻居", "village_cadre": "村干部"}
LEAD_OUTCOMES = {
    "true_needs_help": "属实，需要救助", "true_already_helped": "属实，已在救助", "not_true": "不属实",
    "not_found": "未找到本人",
}  # fmt: skip
CHANNELS = {
    "department": "部门推送", "anti_relapse": "防返贫监测", "hotline": "热线", "online": "网上反映",
    "walk_in": "上门反映",
    "collector": "信息员上报", "neighbour": "邻里反映", "errand": "其他工作中发现",
}  # fmt: skip
RELATIONS = {
    "head": "户主", "spouse": "配偶", "son": "儿子", "daughter": "女儿", "child": "子女", "father": "父亲",
    "mother": "母亲", "parent": "父母", "parent_in_law": "公婆岳父母", "child_in_law": "儿媳女婿",
    "grandson": "孙子", "granddaughter": "孙女", "grandchild": "孙子女", "grandparent": "祖父母",
    "sibling": "兄弟姐妹", "husband": "丈夫", "wife": "妻子", "other": "其他亲属", "none": "非亲属",
}  # fmt: skip
SEXES = {"male": "男", "female": "女", "M": "男", "F": "女"}
RISKS = {"high": "高", "medium": "中", "low": "低", "none": "无"}
ROUND_KINDS = {"regular": "定期排查", "cold": "低温专项", "snow": "雨雪专项", "flood": "汛期专项", "extra": "加排"}
TASK_KINDS = {"referral": "转介", "service": "服务", "emergency": "应急", "identity": "身份核清", "other": "其他"}
ACCOUNTS = {"vouchers": "爱心券（元）", "points": "积分（分）"}
CARE_LEVELS = {"self": "全自理", "partial": "半护理", "full": "全护理"}
POLICIES = {
    "dibao": "最低生活保障", "dibao_single": "单人保", "tekun": "特困人员供养", "edge": "最低生活保障边缘家庭",
    "rigid": "刚性支出困难家庭", "temp_expense": "临时救助（支出型）", "temp_fast": "临时救助（小额快救）",
    "class_aid": "分类施保", "disability_living": "困难残疾人生活补贴", "disability_care": "重度残疾人护理补贴",
    "elder_age": "高龄津贴", "swwrfy": "事实无人抚养儿童基本生活补贴", "orphan": "孤儿基本生活费",
    "medical_aid": "医疗救助", "rural_house": "农村危房改造",
}  # fmt: skip
WITHHELD = "须单独许可的内容不随批量导出；需要时逐份打印。"


def fact_word(fact: str, code: object) -> str:
    """The vocabulary's word for what the registry keeps as that fact's code; a county's own text as it is, "" for
    nothing and for "there is none"."""
    text = "" if code is None else str(code)
    if text == "none":
        return ""
    return fact_info(fact).values.get(text, (text,))[0]


def words(table: dict[str, str], code: object) -> str:
    """The word for a code; the code itself where the table has none, "" for nothing."""
    text = "" if code is None else str(code)
    return table.get(text, text)
