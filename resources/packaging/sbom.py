"""The software bill of materials of the packaged program, as CycloneDX: every package inside with its version, licence
and address, so that a county can ask of each whether something is known against it."""

from __future__ import annotations

import sysconfig
from collections.abc import Iterable
from importlib import metadata
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from .licences import packages

PROGRAM = "tiejiaoban"


def bill(modules: Iterable[str], version: str, platform: str) -> str:
    """CycloneDX 1.6 as JSON, of the packages that ``modules`` (top-level names) come from. The same packages, the same
    bill."""
    made = Bom(serial_number=uuid5(NAMESPACE_URL, f"{PROGRAM}/{version}/{platform}"))
    licences = LicenseFactory()
    about = Component(name=PROGRAM, version=version, type=ComponentType.APPLICATION, bom_ref=PROGRAM)
    about.licenses.add(licences.make_from_string("Apache-2.0"))
    made.metadata.component = about
    parts = [_python(licences), *(_component(package, licences) for package in packages(modules))]
    for part in parts:
        made.components.add(part)
    made.register_dependency(about, parts)
    text = str(JsonV1Dot6(made).output_as_string(indent=1))
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    assert wrong is None, wrong
    return text


def _python(licences: LicenseFactory) -> Component:
    found = Component(name="Python", version=sysconfig.get_config_var("VERSION"), type=ComponentType.PLATFORM)
    found.licenses.add(licences.make_from_string("PSF-2.0"))
    return found


def _component(package: metadata.Distribution, licences: LicenseFactory) -> Component:
    about = package.metadata.json
    purl = PackageURL("pypi", name=package.name.lower().replace("_", "-"), version=package.version)
    kind = ComponentType.LIBRARY
    made = Component(name=package.name, version=package.version, type=kind, purl=purl, bom_ref=str(purl))
    licence = str(about.get("license_expression") or about.get("license") or "").partition("\n")[0]
    if licence:
        made.licenses.add(licences.make_from_string(licence))
    page = about.get("home_page") or next((url.partition(", ")[2] for url in about.get("project_url", [])), "")
    if page:
        made.external_references.add(ExternalReference(type=ExternalReferenceType.WEBSITE, url=XsUri(str(page))))
    return made
