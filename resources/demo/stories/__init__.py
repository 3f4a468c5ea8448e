"""What has happened in the demo county before it is opened: matters at every stage, visits to review, a re-check drawn.

Told once, at the first start, on the laptops of the people it happened to and over their county's own server; whatever
cannot be done that way is not in it.
"""

from __future__ import annotations

from typing import Any

from resources.demo.cast import colleague
from resources.demo.county_server import CountyServer, at_laptop


def tell(county: CountyServer, *, kdf: Any = None) -> None:
    """Raises whatever the workflows raise: a story that does not hold is a fault of ours."""
    from fieldapp.workflows.form_shelf import FormShelf
    from resources.demo.desk import clear_desk
    from resources.demo.stories import desk, handed, walks
    from resources.demo.stories.clerk import Clerk
    from resources.demo.stories.families import Families, cases_of

    worker, supervisor = colleague("worker"), colleague("supervisor")
    homes = [county.laptop(each, kdf=kdf) for each in (worker, supervisor)]
    shelf = FormShelf(county.home / "files" / "forms")
    with (
        at_laptop(homes[0], worker.passphrase) as (mine, sync),
        at_laptop(homes[1], supervisor.passphrase) as (theirs, sync_desk),
    ):
        sync()
        wang, deng = Clerk(mine, worker, shelf), Clerk(theirs, supervisor, shelf)
        families = Families(wang.families(), cases_of(county.home / "files"))
        sync_desk()
        desk.contest(deng, families.of("contested"), desk.PHONES[1])
        walks.autumn(wang, families)
        visits = walks.november(wang, families)
        made = handed.hand_over(wang, families)
        walks.doors(wang, families)
        walks.answered(wang, families)
        walks.begun(wang, families)
        desk.contest(wang, families.of("contested"), desk.PHONES[0])
        sync()
        sync_desk()  # each run starts a process of its own: few runs, so that the first start does not wait
        clear_desk(theirs, supervisor)
        desk.grids(deng)
        desk.leads_from_all_sides(deng, families)
        past, _running = desk.announce(deng)
        desk.send_back(deng, visits["returned"])
        desk.carry_on(deng, families, made)
        desk.mutual_aid(deng, families)
        desk.conference(deng, families)
        desk.draw(deng, past)
        sync_desk()
        sync()
