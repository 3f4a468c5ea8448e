"""python -m fieldapp.policy: assess a household, check or convert a pack.

    assess FACTS.yaml --pack PACK --on DATE [--case ID] [--later] [--json] [--lang zh|en]
    check  PACK.xlsx                 every fault by cell; exit 1 when there is one
    export PACK OUT.xlsx             a pack as the workbook the county edits
    schema [--write]                 the facts a FACTS file may hold, with types, units and allowed answers

FACTS is ``facts/1`` (names of the vocabulary, money in yuan), a described family with the keys of the case
files, or a file of ``cases`` (--case picks one; without it every family is assessed, --json gives them under
``cases``). PACK is a workbook, canonical JSON or YAML. DATE is the day the rules are to hold, as 2026-11-21.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from fieldapp.errors import WorldError
from fieldapp.policy import api, casefile, factwords, freeze, summary
from fieldapp.policy.packfile import load_pack
from fieldapp.policy.problems import PackError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 the input has faults, 2 the input cannot be read."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except PackError as error:
        for problem in error.problems:
            print(f"{problem.where}: {problem.zh} / {problem.en}", file=sys.stderr)
        return 1
    except WorldError as error:
        print(f"{factwords.said(error, 'zh')} / {factwords.said(error)}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever read the output has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m fieldapp.policy", description="rules and packs")
    commands = parser.add_subparsers(required=True)
    assess = commands.add_parser("assess", help="assess one household")
    assess.add_argument("facts", type=Path)
    assess.add_argument("--pack", type=Path, required=True)
    assess.add_argument("--case", default="")
    assess.add_argument("--later", action="store_true", help="with what the case learns later")
    assess.add_argument("--on", type=date.fromisoformat, required=True, metavar="DATE")
    assess.add_argument("--json", action="store_true")
    assess.add_argument("--lang", choices=("zh", "en"), default="zh")
    assess.set_defaults(run=_assess)
    check = commands.add_parser("check", help="check a pack")
    check.add_argument("pack", type=Path)
    check.set_defaults(run=_check)
    export = commands.add_parser("export", help="write a pack as a workbook")
    export.add_argument("pack", type=Path)
    export.add_argument("out", type=Path)
    export.set_defaults(run=_export)
    schema = commands.add_parser("schema", help="the facts")
    schema.add_argument("--write", action="store_true", help="write resources/policy/schema again")
    schema.set_defaults(run=_schema)
    return parser


def _assess(arguments: argparse.Namespace) -> int:
    pack = load_pack(arguments.pack)
    families = _families(arguments, pack)
    if not arguments.json:
        for id, facts in families.items():
            if len(families) > 1:
                print(f"== {id}")
            _print(facts, pack, arguments.on, arguments.lang)
        return 0
    told = {id: _told(facts, pack, arguments.on) for id, facts in families.items()}
    data = next(iter(told.values())) if len(told) == 1 else {"cases": told}
    json.dump(data, sys.stdout, ensure_ascii=False, indent=1)
    print()
    return 0


def _families(arguments: argparse.Namespace, pack: api.Pack) -> dict[str, api.Facts]:
    policies = [policy.id for policy in pack.policies]
    if not arguments.later:
        return casefile.read_families(arguments.facts, arguments.case, policies)
    data = casefile.read_description(arguments.facts)
    case = casefile.pick_case(data, arguments.case) if "cases" in data else data
    return {arguments.case: casefile.translate(casefile.with_later(case), policies)}


def _told(facts: api.Facts, pack: api.Pack, on: date) -> dict[str, Any]:
    result = api.assess(facts, pack, on)
    return {
        "summary": summary.summary(facts, pack, on, result), "policies": _policies(result),
        "explains": summary.explanations(result, "en"), "facts": facts.to_json(), **freeze.to_json(result),
    }  # fmt: skip


def _policies(result: api.Assessment) -> dict[str, Any]:
    return {
        m.policy: {"state": m.state.value, "words": m.state_words(), "people": m.people, "reasons": m.reasons(),
                   "reasons_en": m.reasons("en"), "to_public": m.to_public}
        for m in result.matches
    }  # fmt: skip


def _print(facts: api.Facts, pack: api.Pack, on: date, lang: str) -> None:
    result = api.assess(facts, pack, on)
    print(json.dumps(summary.summary(facts, pack, on, result), ensure_ascii=False))
    lines = summary.explanations(result, lang)
    for program in result.programs:
        name = program.name[1 if lang == "en" else 0]
        print(f"\n{name}  {program.state_words(lang)}  {'; '.join(program.reasons(lang))}")
        print("\n".join("  " + line for line in lines[program.id]))
    print()
    for match in result.matches:
        name = match.name[1 if lang == "en" else 0] + ("" if match.to_public else " *")
        print(f"{match.state_words(lang)}  {name}  {'; '.join(match.reasons(lang))}")
    for line in result.procedure:
        print(line.words(lang))


def _check(arguments: argparse.Namespace) -> int:
    pack = load_pack(arguments.pack)
    print(f"{pack.county} {pack.edition}: {len(pack.parameters)} parameters, {len(pack.policies)} policies, "
          f"{len(pack.relations)} relations; {pack.digest}")  # fmt: skip
    return 0


def _export(arguments: argparse.Namespace) -> int:
    from fieldapp.policy.workbook.writing import write_workbook

    arguments.out.write_bytes(write_workbook(load_pack(arguments.pack)))
    return 0


def _schema(arguments: argparse.Namespace) -> int:
    if arguments.write:
        from fieldapp.policy.schema import published

        for path, text in published().items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return 0
    for info in api.vocabulary().values():
        values = "|".join(info.values) if info.values else ""
        print(f"{info.name}\t{info.level}\t{info.type}\t{info.unit}\t{values}\t{info.zh}\t{info.en}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
