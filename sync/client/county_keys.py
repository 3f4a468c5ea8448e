"""New keys of the county: certificates signed by its root, believed before anything that is signed by them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from fieldapp.domain.statements import Statement
from fieldapp.store.api import CountyTrust, Profile


def take_keys(profile: Profile, certificates: Iterable[Statement]) -> bool:
    """Whether any was new. Custodians' keys take the place of those before: the profile wraps its halves anew at once.

    Raises InputError ``statement.*`` for what the pinned root did not sign; nothing is taken then.
    """
    identity = profile.require_identity()
    known = {certificate.body_bytes for certificate in identity.trust.certificates}
    fresh = tuple(certificate for certificate in certificates if certificate.body_bytes not in known)
    if not fresh:
        return False
    trust = CountyTrust(identity.trust.county, identity.trust.root, (*identity.trust.certificates, *fresh))
    profile.set_identity(replace(identity, trust=trust))
    return True
