"""The form the bench fills: 500 questions, 30 repeats of 40 rows, with the rules a visit form has."""

from __future__ import annotations

HEAD = (
    '<?xml version="1.0"?><h:html xmlns="http://www.w3.org/2002/xforms" '
    'xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" '
    'xmlns:orx="http://openrosa.org/xforms">'
)


def big_form(questions: int = 500, repeats: int = 30) -> bytes:
    """An XForm: every fifth question is shown by another, every tenth calculated; each repeat has an amount,
    a calculated share, a name and a choice; sums over rows and over sums."""
    data, binds, body, texts = [], [], [], []
    plain = questions - repeats * 4
    for number in range(plain):
        name = f"q{number}"
        data.append(f"<{name}/>")
        bind = f'<bind nodeset="/data/{name}" type="int"'
        if number % 10 == 9:
            bind += f' calculate="/data/q{number - 1} * 2 + coalesce(/data/q{number - 2}, 0)" readonly="true()"'
        elif number % 5 == 3:
            bind += f' relevant="/data/q{number - 1} &gt; 10"'
        elif number % 5 == 1:
            bind += ' constraint=". &gt;= 0 and . &lt; 100000" jr:constraintMsg="0 to 100000"'
        binds.append(bind + "/>")
        body.append(f'<input ref="/data/{name}"><label ref="jr:itext(\'{name}\')"/></input>')
        texts.append(name)
    for number in range(repeats):
        r = f"r{number}"
        inner = "<amount/><share/><who/><kind/>"
        data.append(f'<{r} jr:template="">{inner}</{r}><{r}>{inner}</{r}><sum{number}/>')
        binds += [
            f'<bind nodeset="/data/{r}/amount" type="int" constraint=". &gt;= 0"/>',
            f'<bind nodeset="/data/{r}/share" type="decimal" calculate="../amount * 0.5 + position(..)"/>',
            f'<bind nodeset="/data/{r}/who" type="string" relevant="../amount &gt; 5"/>',
            f'<bind nodeset="/data/{r}/kind" type="string"/>',
            f'<bind nodeset="/data/sum{number}" type="int" calculate="sum(/data/{r}/amount)"/>',
        ]
        items = "<itemset nodeset=\"instance('kinds')/root/item[level = current()/../who or level = '']\">"
        body.append(
            f'<group ref="/data/{r}"><label>{r}</label><repeat nodeset="/data/{r}">'
            f'<input ref="/data/{r}/amount"><label>amount</label></input>'
            f'<input ref="/data/{r}/who"><label>who <output value="../amount"/></label></input>'
            f'<select1 ref="/data/{r}/kind"><label>kind</label>{items}<value ref="name"/><label ref="label"/>'
            f"</itemset></select1></repeat></group>"
        )
    total = " + ".join(f"/data/sum{n}" for n in range(repeats)) or "0"
    data.append("<total/>")
    binds.append(f'<bind nodeset="/data/total" type="int" calculate="{total}"/>')
    kinds = "".join(f"<item><name>k{n}</name><label>K{n}</label><level/></item>" for n in range(12))
    itext = "".join(f'<text id="{t}"><value>第 {t} 题</value></text>' for t in texts)
    return (
        f'{HEAD}<h:head><h:title>bench</h:title><model><itext><translation lang="zh">{itext}</translation></itext>'
        f'<instance><data id="bench" version="1">{"".join(data)}<meta><instanceID/></meta></data></instance>'
        f'<instance id="kinds"><root>{kinds}</root></instance>{"".join(binds)}'
        f'<bind nodeset="/data/meta/instanceID" jr:preload="uid"/></model></h:head>'
        f"<h:body>{''.join(body)}</h:body></h:html>"
    ).encode()
