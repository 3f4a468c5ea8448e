"""Names as a county has them: surnames by their frequency, given names by sex and generation, a few rare characters.

All people are invented.
"""

from __future__ import annotations

from random import Random

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪"
    "廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷黎史龙陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文单仇解缪逄查盖宁"
)
_DOUBLE = ("欧阳", "上官", "诸葛", "司马", "夏侯", "令狐")
_OLD = {
    "male": "富贵福寿德财根生春水金土木发旺兴友才成全大有国家长",
    "female": "秀兰英珍香桂花莲芳玉梅凤菊娥翠琴霞巧云莉淑爱招娣",
}
_MIDDLE = {
    "male": "军伟强勇建平国庆明志刚华涛辉斌峰文波东海林光",
    "female": "丽敏艳红燕娟玲萍芳霞静梅琴琼洁慧云蓉青晓",
}
_YOUNG = {
    "male": "浩宇轩睿泽俊杰航博文昊天晨子涵逸铭嘉佑一诺",
    "female": "欣怡梓涵诗雨思佳琪悦雅婷可馨语桐依诺一萱若",
}
#: U+4DAE, U+36C3, U+2CC56, U+5803, U+5586, U+20164, U+3F06: typed, stored, searched, shown and printed like any other
RARE = "䶮㛃𬱖堃喆𠅤㼆"
RARE_SHARE = 0.02


class Names:
    """Draws names; everything follows from the given source of chance."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance

    def surname(self) -> str:
        if self.chance.random() < 0.004:
            return self.chance.choice(_DOUBLE)
        # The first names of the list are those of a third of the country.
        return _SURNAMES[min(int(self.chance.expovariate(1 / 26)), len(_SURNAMES) - 1)]

    def full(self, sex: str, born: int, *, surname: str = "") -> str:
        """A full name for somebody born in the year ``born``."""
        pool = (_OLD if born < 1962 else _MIDDLE if born < 1995 else _YOUNG)[sex]
        count = 1 if self.chance.random() < (0.12 if born < 1962 else 0.35 if born < 1995 else 0.15) else 2
        given = "".join(self.chance.choice(pool) for _ in range(count))
        if self.chance.random() < RARE_SHARE:
            given = given[:-1] + self.chance.choice(RARE)
        return (surname or self.surname()) + given
