"""Commands without a window: looking a profile over, salvaging it, rebuilding its lists, backup and restore.

The program must not be open on the profile meanwhile. The passphrase is asked for, or read from standard input with
``--stdin``; it is never an argument, for arguments are seen by everybody on the machine. Nothing heavy is imported
at the top: the window's start passes through here.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from fieldapp.errors import InputError, WorldError
from ui.console_update import add_update_commands
from ui.messages import words_for
from ui.words import said, t


def add_commands(parser: argparse.ArgumentParser) -> None:
    """``doctor | salvage | rebuild | backup | restore | erase | verify`` and what concerns the program itself, with
    what each takes; ``options.command`` runs."""
    commands = parser.add_subparsers(title="commands")
    for name, run, files in (
        ("doctor", _doctor, ()),
        ("salvage", _salvage, ("target",)),
        ("rebuild", _rebuild, ()),
        ("backup", _backup, ("file",)),
        ("restore", _restore, ("file", "target")),
        ("erase", _erase, ("file",)),
    ):
        made = commands.add_parser(name, help=t(f"console.{name}"))
        for file in files:
            made.add_argument(file, type=Path)
        made.add_argument("--stdin", action="store_true", help=t("console.stdin"))
        made.set_defaults(command=run)

    verify = commands.add_parser("verify", help=t("console.verify"))
    verify.add_argument("file", type=Path)
    verify.add_argument("--trust", type=Path, default=None, help=t("console.trust"))
    verify.set_defaults(command=_verify)
    add_update_commands(commands)


def run(options: argparse.Namespace, home: Path) -> int:
    """The exit status: 0 good, 1 something found or failed, said in words on standard error."""
    try:
        status: int = options.command(options, home)
    except WorldError as error:
        words = words_for(error)
        print("\n".join(filter(None, (words.what, words.kept, words.do))), file=sys.stderr)
        return 1
    return status


def _doctor(options: argparse.Namespace, home: Path) -> int:
    from fieldapp.store import doctor

    report = doctor.run(_folder(options, home), _passphrase(options))
    print(t("console.checked", **{"what": ", ".join(f"{name} {count}" for name, count in report.checked.items())}))
    for finding in report.findings:
        print(f"[{finding.severity}] {said('doctor', finding.code)} × {finding.count}  {' '.join(finding.names[:5])}")
    print(t("console.sound" if report.sound else "console.salvageable" if report.salvageable else "console.unsound"))
    return 0 if report.sound else 1


def _salvage(options: argparse.Namespace, home: Path) -> int:
    from fieldapp.store.api import Profile
    from fieldapp.store.salvaging.salvage import salvage

    found = salvage(Profile.unlock(_folder(options, home), _passphrase(options)), options.target)
    print(t("console.salvaged", revisions=found.revisions, drafts=found.drafts, blobs=found.blobs))
    print(t("console.lost", own=sum(last - first + 1 for first, last in found.missing.own), pages=found.missing.pages))
    return 0


def _rebuild(options: argparse.Namespace, home: Path) -> int:
    from fieldapp.store.api import Profile, Store
    from fieldapp.store.rebuild import rebuild

    with Store.open(Profile.unlock(_folder(options, home), _passphrase(options))) as store:
        print(t("console.rebuilt", n=rebuild(store)))
    return 0


def _backup(options: argparse.Namespace, home: Path) -> int:
    from fieldapp.store.api import Profile, Store
    from fieldapp.store.backup import write_backup

    with Store.open(Profile.unlock(_folder(options, home), _passphrase(options))) as store:
        made = write_backup(store, options.file)
    print(t("settings.backup_done", revisions=made.revisions, drafts=made.drafts))
    return 0


def _restore(options: argparse.Namespace, home: Path) -> int:
    from fieldapp.store.backup import restore_backup

    restore_backup(options.file, options.target, _passphrase(options))
    print(t("console.restored", folder=options.target))
    return 0


def _erase(options: argparse.Namespace, home: Path) -> int:
    """The profile goes for good; what the county has no backup of lies sealed in the file, for ``open-remains``."""
    from fieldapp.store.api import Profile, Store
    from fieldapp.store.farewell import erase_profile

    made = erase_profile(Store.open(Profile.unlock(_folder(options, home), _passphrase(options))), options.file)
    if made.path is None:
        print(t("console.erased_all_held"))
    else:
        print(t("console.erased", revisions=made.revisions, drafts=made.drafts, photos=made.blobs, file=made.path))
    return 0


def _verify(options: argparse.Namespace, home: Path) -> int:
    """One word and nothing of the family; 0 genuine, 1 altered, 2 unknown. Nobody need unlock anything for it."""
    from fieldapp.reports.verify import Verdict, verify_file
    from fieldapp.workflows.trust_cards import cards_in, read_card

    trusts = [read_card(options.trust)] if options.trust else cards_in(home)
    try:
        verdict = verify_file(options.file, *trusts)
    except OSError as error:
        raise InputError("file.unreadable", where=options.file.name) from error
    print(verdict.words())
    return (Verdict.GENUINE, Verdict.ALTERED, Verdict.UNKNOWN).index(verdict)


def _folder(options: argparse.Namespace, home: Path) -> Path:
    """The profile named, else the only one there is."""
    from fieldapp.store.vault.profile import profiles_in

    found = profiles_in(home)
    wanted = [each for each in found if options.profile in ("", each.label, each.folder.name)]
    if len(wanted) != 1:
        names = ", ".join(each.folder.name for each in found) or "-"
        raise SystemExit(t("console.which", names=names))
    return wanted[0].folder


def _passphrase(options: argparse.Namespace) -> str:
    return sys.stdin.readline().rstrip("\n") if options.stdin else getpass.getpass(t("unlock.passphrase") + ": ")
