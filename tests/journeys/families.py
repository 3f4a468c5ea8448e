"""Families of the cases as the registry knows them before anybody visits (cases.yaml)."""

from __future__ import annotations

from fieldapp.store.api import Store, WriteTx
from tests.store.county import GRID

HIGH_BILL = (
    ("肖雨", "head", "female", "1992-04-02"),
    ("邓山", "husband", "male", "1990-03-07"),
    ("邓一", "daughter", "female", "2018-05-01"),
    ("邓二", "daughter", "female", "2018-05-01"),
    ("邓小", "son", "male", "2023-02-03"),
)


def high_medical_bill(store: Store) -> tuple[str, dict[str, str], str]:
    """(household, person ids by name, the insurance bureau's lead)"""

    def work(tx: WriteTx) -> tuple[str, dict[str, str], str]:
        home = tx.create("household", GRID, {"head_name": "肖雨", "address": "周岭村4组6号"})
        people = {
            name: tx.create(
                "person", GRID,
                {
                    "full_name": name, "sex": sex, "birth_date": born, "id_kind": "id_card", "whereabouts": "home",
                    "membership": {"household": home, "relation": relation, "lives_with_family": True},
                },
            )
            for name, relation, sex, born in HIGH_BILL
        }  # fmt: skip
        lead = tx.create(
            "lead", GRID,
            {
                "number": "2026-1187", "source": "县医保局", "channel": "department", "issued_on": "2026-11-19",
                "due_on": "2026-11-24", "person_name": "邓山", "household": home, "person": people["邓山"],
                "content": "邓山 12 个月自付医疗费 118,000 元，超过本县农村人均收入 3 倍",
            },
        )  # fmt: skip
        return home, people, lead

    return store.write(work).result()


#: What 肖雨's family says at the door, by question name; everything else is none or no.
SAID = {
    "purpose": "lead",
    "investigator_1_identity": "grid",
    "investigator_2": "陈芳",
    "investigator_2_identity": "village",
    "present_member": "肖雨",
    "area": "rural",
    "labour_ability": "full",
    "roster_complete": "yes",
    "housing_kind": "砖混两层",
    "safe": "yes",
    "selfcare_all": "yes",
    "insured_medical": "yes",
    "lead_answer": "true_needs_help",
    "lead_seen": "医院收费票据与系统一致，丈夫肝癌在家休养",
    "conclusion_text": "因病致困，建议申请低保和医疗救助",
    "told": "yes",
    "consent": "yes",
    "undertaking": "yes",
    "signer": "self",
    "child_permission": "no",
    "mood_permission": "no",
}
