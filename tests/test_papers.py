"""What the papers name is there: files, folders, modules and what stands in them.

D1  every path in ARCHITECTURE, CONTRIBUTING, README and SECURITY exists, every link leads somewhere
D2  a name behind a module (``visits.resume``) stands in a module of that name
D3  every other name of code stands somewhere in the code
D4  the commands of the README are commands of the Makefile or of a module that is there
"""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAPERS = ("ARCHITECTURE.md", "CONTRIBUTING.md", "README.md", "README.zh-CN.md", "SECURITY.md")
WRITTEN_IN = (".py", ".yaml", ".tsv", ".toml", ".sh")
#: stand for what a person puts there, or for what set-up and packaging make
PLACEHOLDER = re.compile(r"\b[A-Z]{2,}\b|_N_|[^\x00-\x7f]")
MADE = ("dist/", ".venv", "build/")
PATH = re.compile(r"(?<![\w/.:])[\w.-]+(?:/[\w.-]+)+/?|(?<![\w/.])[\w-]+\.(?:py|yaml|md|tsv|toml|in|lock)\b")
FROM_SHELL = {"fn", "code_file_text"}  # parameters of an example, named for its reader

pytestmark = pytest.mark.omission


@cache
def files() -> tuple[str, ...]:
    if (ROOT / ".git").exists():
        found = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
        return tuple(found.stdout.split("\n"))
    return tuple(str(path.relative_to(ROOT).as_posix()) for path in ROOT.rglob("*") if path.is_file())


@cache
def places() -> frozenset[str]:
    """Every file, every folder, and the tail of each: papers name a file from the room they speak of."""
    whole = {name for name in files() if name} | {str(up) for name in files() for up in Path(name).parents}
    tails = {"/".join(name.split("/")[start:]) for name in whole for start in range(name.count("/") + 1)}
    return frozenset(tails | {tail.removesuffix(".py") for tail in tails if tail.endswith(".py")})


@cache
def code() -> dict[str, str]:
    product = (name for name in files() if name.endswith(WRITTEN_IN))
    return {name: (ROOT / name).read_text(encoding="utf-8") for name in product if (ROOT / name).exists()}


@cache
def names_of_code() -> frozenset[str]:
    return frozenset(word for text in code().values() for word in re.findall(r"[A-Za-z_]\w*", text)) | {
        word for name in files() for word in re.findall(r"\w+", name)
    }


def spoken(paper: str) -> list[str]:
    """What stands between backticks, and the lines of Python examples without their comments."""
    text = (ROOT / paper).read_text(encoding="utf-8")
    examples = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    return re.findall(r"`([^`\n]+)`", text) + [re.sub(r"#.*", "", each) for each in examples]


@pytest.mark.parametrize("paper", PAPERS)
def test_every_path_and_link_is_there(paper: str) -> None:
    links = re.findall(r"\]\(([^)#\s]+)\)", (ROOT / paper).read_text(encoding="utf-8"))
    named = {found.rstrip("/.") for each in spoken(paper) for found in PATH.findall(each) if not each.startswith("/")}
    named |= {link for link in links if "://" not in link}
    missing = {
        name for name in named if name not in places() and not PLACEHOLDER.search(name) and not name.startswith(MADE)
    }
    assert missing == set()


@pytest.mark.parametrize("paper", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_what_stands_behind_a_module_is_in_it(paper: str) -> None:
    modules: dict[str, list[str]] = {}
    for name in code():
        if name.endswith(".py") and not name.startswith("tests/"):
            modules.setdefault(Path(name).stem, []).append(name)
    missing = {
        f"{module}.{name}"
        for each in spoken(paper)
        for module, name in re.findall(r"(?<![\w/.])([a-z_]+)\.([A-Za-z_]\w*)", each)
        if module in modules and not any(re.search(rf"\b{name}\b", code()[file]) for file in modules[module])
    }
    # a file, a package, or the code of an error
    missing -= {each for each in missing if each.replace(".", "/") in places() or each in places()}
    missing -= {each for each in missing if any(f'"{each}"' in text for text in code().values())}
    assert {each for each in missing if not PLACEHOLDER.search(each)} == set()


@pytest.mark.parametrize("paper", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_every_name_of_code_is_somewhere_in_the_code(paper: str) -> None:
    words = {word for each in spoken(paper) for word in re.findall(r"[A-Za-z_]\w*", each)}
    assert {word for word in words - names_of_code() if not PLACEHOLDER.search(word)} - FROM_SHELL == set()


@pytest.mark.parametrize("paper", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md"])
def test_every_command_can_be_given(paper: str) -> None:
    text = (ROOT / paper).read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^|… )make ([a-z]+)", text, re.MULTILINE)) <= targets
    modules = {name.replace(".", "/") for name in re.findall(r"-m ([a-z_.]+)", text)} - {"pytest"}
    assert {name for name in modules if name not in places()} == set()
