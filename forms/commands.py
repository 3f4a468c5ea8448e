"""What ``python -m forms`` does: check, fill, conformance, flatten. Each gives its exit code."""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from forms import api
from forms.problems import FormProblem
from forms.words import command_words, type_words

OK, FOUND, UNUSABLE = 0, 1, 2


class Unusable(Exception):
    """An input that cannot be read; the text says which and why, in the user's language."""


def read_json(path: Path, lang: str) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Unusable(command_words("json", lang, file=path.name)) from error


def load_form(path: Path) -> api.FormDefinition:
    """A workbook or a compiled XForm. Raises FormErrors."""
    if path.suffix.lower() != ".xml":
        return api.compile_xlsform(path).definition
    try:
        return api.load_xform(path.read_bytes())
    except OSError as error:
        raise api.FormErrors([FormProblem("workbook.unreadable")]) from error


def check(args: argparse.Namespace) -> int:
    """Compile and check; say every fault with its cell."""
    vocabulary = read_vocabulary(args.facts, args.lang) if args.facts else None
    compiled = api.compile_xlsform(args.form, vocabulary=vocabulary)
    for warning in compiled.warnings:
        print(command_words("warning", args.lang, text=warning))
    if args.out:
        args.out.write_bytes(compiled.xml)
    nodes = compiled.definition.nodes.values()
    questions = sum(1 for n in nodes if n.kind is api.Kind.QUESTION)
    print(command_words("good", args.lang, questions=str(questions), version=compiled.definition.version or "-"))
    return OK


def ship(args: argparse.Namespace) -> int:
    """Write the compiled twins of the bundled workbooks; name them."""
    from forms import shipped

    for path in shipped.ship():
        print(path.name)
    return OK


def read_vocabulary(path: Path, lang: str) -> frozenset[str]:
    """Fact names: a JSON list, a JSON object whose keys they are, or one a line."""
    if path.suffix.lower() == ".json":
        return frozenset(str(name) for name in read_json(path, lang))
    try:
        return frozenset(path.read_text(encoding="utf-8-sig").split())
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(command_words("file", lang, file=path.name)) from error


def environment(args: argparse.Namespace, folder: Path) -> api.Environment:
    """The clock, zone and chance asked for; files are those beside the form."""
    try:
        zone = ZoneInfo(args.zone)
        fixed = datetime.fromisoformat(args.now) if args.now else None
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Unusable(command_words("clock", args.lang)) from error
    if fixed is not None and fixed.tzinfo is None:
        fixed = fixed.replace(tzinfo=zone)
    files: dict[str, bytes | list[dict[str, str]]] = {
        p.name: p.read_bytes() for p in sorted(folder.glob("*")) if p.suffix in (".csv", ".xml", ".geojson")
    }
    return api.Environment(
        now=lambda: fixed or datetime.now(UTC), zone=zone, random=random.Random(args.seed), instances=files
    )


def fill(args: argparse.Namespace) -> int:
    """Fill a form from an answers file; say what is missing or invalid by path."""
    from forms.session.filling import fill as fill_session
    from forms.session.filling import unknown_paths
    from forms.session.session import Session

    definition = load_form(args.form)
    answers = read_json(args.answers, args.lang)
    if not isinstance(answers, Mapping):
        raise Unusable(command_words("json", args.lang, file=args.answers.name))
    unknown = list(unknown_paths(definition.plan.root, answers))
    if unknown:
        raise Unusable("\n".join(command_words("unknown_path", args.lang, path=p) for p in unknown))
    session = Session.open(definition, environment(args, args.instances or args.form.parent))
    session.set_language(_named_language(definition, args.lang))
    refusals = fill_session(session, answers)
    for refusal in refusals:
        print(f"{refusal.path}: {type_words(refusal.code, args.lang)}")
    problems = session.problems()
    for problem in problems:
        print(f"{problem.node_id}: {problem.label}: {problem.message}")
    if problems or refusals:
        print(command_words("unfilled", args.lang, count=str(len(problems) + len(refusals))))
        return FOUND
    submission = session.finalise()
    args.out.write_bytes(submission.xml)
    print(command_words("filled", args.lang, file=str(args.out)))
    return OK


def _named_language(definition: api.FormDefinition, lang: str) -> str:
    """The form's own name for "zh" or "en"."""
    wanted = f"({lang.lower()}"
    for name in definition.languages:
        if name.lower() == lang.lower() or wanted in name.lower():
            return name
    return definition.default_language


def flatten(args: argparse.Namespace) -> int:
    """Flat tables of submissions (.xml or answers .json), as CSV files or one workbook."""
    definition = load_form(args.form)
    trees = {path.stem: _answers_of(definition, path, args.lang) for path in args.submissions}
    tables = api.flatten(definition, trees)
    if args.out.suffix.lower() == ".xlsx":
        _write_workbook(tables, args.out)
    else:
        args.out.mkdir(parents=True, exist_ok=True)
        for table in tables:
            with (args.out / f"{_file_name(table.name)}.csv").open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerows([table.columns, *table.rows])
    print(command_words("flat", args.lang, tables=str(len(tables)), file=str(args.out)))
    return OK


def _answers_of(definition: api.FormDefinition, path: Path, lang: str) -> Mapping[str, Any]:
    try:
        if path.suffix.lower() == ".xml":
            return api.read_submission(definition, path.read_bytes())
    except (OSError, api.DraftError) as error:
        raise Unusable(command_words("submission", lang, file=path.name)) from error
    tree = read_json(path, lang)
    if not isinstance(tree, Mapping):
        raise Unusable(command_words("submission", lang, file=path.name))
    return tree


def _file_name(name: str) -> str:
    return name.strip("/").replace("/", "-") or "form"


def _write_workbook(tables: list[api.Table], path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(_file_name(table.name)[:31])
        for row in (table.columns, *table.rows):
            sheet.append([_safe(cell) for cell in row])
    book.save(path)


def _safe(cell: Any) -> Any:
    """A text that a spreadsheet would run as a formula is kept as text."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@"):
        return "'" + cell
    return cell


def conformance(args: argparse.Namespace) -> int:
    """Run case files; name each failure, end with the counts."""
    from forms.conformance.expressions import ExpressionCases
    from forms.conformance.scenarios import ScenarioCases

    outcomes = []
    for path in args.cases:
        data = read_json(path, args.lang)
        if not isinstance(data, Mapping) or not ({"cases", "scenarios"} & set(data)):
            raise Unusable(command_words("cases", args.lang, file=path.name))
        outcomes += ScenarioCases(data).run() if "scenarios" in data else ExpressionCases(data).run()
    for outcome in outcomes:
        if outcome.passed is False:
            print(f"FAILED {outcome.case}: {outcome.story}")
        elif outcome.passed is None and args.verbose:
            print(f"left out {outcome.case}: {outcome.story}")
    failed = sum(o.passed is False for o in outcomes)
    left_out = sum(o.passed is None for o in outcomes)
    print(f"{len(outcomes) - failed - left_out} passed, {failed} failed, {left_out} left out")
    return FOUND if failed else OK


def report(errors: api.FormErrors, lang: str) -> int:
    """Say every fault of a form on the error stream."""
    for problem in errors.problems:
        print(problem.text(lang), file=sys.stderr)
    return FOUND
