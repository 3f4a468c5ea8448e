"""Opening a matter from wherever somebody is: which procedure, for whom, and straight to its first step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fieldapp.workflows import households
from fieldapp.workflows.households import Page as Family
from fieldapp.workflows.matters import opening, services
from fieldapp.workflows.matters.opening import Offer, Wanted
from fieldapp.workflows.matters.services import Service
from ui import privacy
from ui.desk import Desk
from ui.screens.visit.kit import kit_of
from ui.widgets.pick_sheet import PickSheet
from ui.words import language, t

REFERRAL, SERVICE, OTHER = "referral", "service", "other"


class OpenMatter:
    """One opening: ``choose`` offers what may be opened at a door, ``way_to`` the ways to a policy of the plan."""

    def __init__(
        self, desk: Desk, household: str, *, origin: tuple[str, str] | None = None, words: str = ""
    ) -> None:  # fmt: skip
        self.desk, self.household, self.origin = desk, household, origin
        self._more: dict[str, Any] = {"words": words}

    def choose(self, door: str) -> None:
        self._ask(self._offered, door=door)

    def way_to(self, policy: str, title: str, provider: str) -> None:
        """The procedures a policy has; one without any is asked for by a referral to its office."""

        def offered(offers: list[Offer]) -> None:
            if offers:
                self._offered(offers)
            else:
                self._more.update(title=title, provider=provider)
                self.begin(REFERRAL)

        self._ask(offered, door="plan", policy=policy)

    def _ask(self, done: Callable[[list[Offer]], None], **asked: str) -> None:
        store, actor = self.desk.store, self.desk.actor
        self.desk.read(
            lambda: opening.offers(store, actor, self.household, language(), **asked), done, owner=self.desk
        )

    def begin(self, procedure: str) -> None:
        """Open a procedure already chosen."""
        self._ask(lambda offers: self._picked(offers[0]) if offers else None, named=procedure)

    def _offered(self, offers: list[Offer]) -> None:
        if not offers:
            self.desk.say(t("matters.no_offers"))
        elif len(offers) == 1:
            self._picked(offers[0])
        else:
            by_id = {offer.id: offer for offer in offers}
            options = [(offer.id, t("matters.running", what=offer.title) if offer.running else offer.title)
                       for offer in offers]  # fmt: skip
            self._sheet(t("matters.open_title"), options, lambda picked: self._picked(by_id[picked]))

    def _picked(self, offer: Offer) -> None:
        if offer.running:
            self.desk.go("matters", matter=offer.running)
        elif offer.about == "person":
            store, actor = self.desk.store, self.desk.actor
            self.desk.read(
                lambda: households.page(store, actor, self.household), lambda family: self._for_whom(offer, family),
                owner=self.desk,
            )  # fmt: skip
        elif offer.group == SERVICE:
            self.desk.read(lambda: services.services(self.desk.store), lambda found: self._which(offer, found),
                           owner=self.desk)  # fmt: skip
        else:
            self._open(offer, None)

    def _which(self, offer: Offer, found: tuple[Service, ...]) -> None:
        """The county's list of services, where it keeps one; whatever is not on it is written in the form."""
        if not found:
            self._open(offer, None)
            return
        options = [(str(place), f"{each.name} · {each.provider}" if each.provider else each.name)
                   for place, each in enumerate(found)]  # fmt: skip
        options.append((OTHER, t("matters.other_service")))

        def take(picked: str) -> None:
            if picked != OTHER:
                each = found[int(picked)]
                self._more.update(title=each.name, provider=each.provider, service=each.kind)
            self._open(offer, None)

        self._sheet(t("matters.which_service"), options, take)

    def _for_whom(self, offer: Offer, family: Family) -> None:
        people = [(member.id, privacy.name(member.name)) for member in family.members if member.whereabouts != "died"]
        if len(people) == 1:
            self._open(offer, people[0][0])
        else:
            self._sheet(t("matters.for_whom"), people, lambda picked: self._open(offer, picked))

    def _sheet(self, title: str, options: list[tuple[str, str]], take: Callable[[str], None]) -> None:
        assert self.desk.window_widget is not None
        PickSheet(self.desk.window_widget, title, options, lambda picked: take(picked[0])).open()

    def _open(self, offer: Offer, person: str | None) -> None:
        store, actor, kit = self.desk.store, self.desk.actor, kit_of(self.desk)
        wanted = Wanted(offer.id, self.household, person=person, origin=self.origin, **self._more)

        def work() -> str:
            kit.renew(store, actor.today())
            return opening.open_matter(store, actor, kit.rules, wanted).result()

        def opened(matter: str) -> None:
            if offer.sealed:
                self.desk.go("visit", matter=matter, step=offer.first)
            else:
                self.desk.go("matters", matter=matter)

        self.desk.write(work, opened)
