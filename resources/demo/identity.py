"""ID numbers and phones of nobody: area code 341799 is not assigned, and no mobile number starts with 129."""

from __future__ import annotations

from datetime import date

from fieldapp.domain.identity_number import check_digit


class IdentityNumbers:
    """Gives every person another number; only a count per birthday is kept, so memory does not grow with the county."""

    def __init__(self, area: str) -> None:
        self.area = area
        self._given: dict[tuple[date, str], int] = {}

    def next(self, born: date, sex: str) -> str:
        count = self._given.get((born, sex), 0)
        self._given[born, sex] = count + 1
        # 37 and 500 share no factor: five hundred different serials before one comes again.
        serial = (count * 37 + born.toordinal() * 11) % 500 * 2 + (sex == "male")
        first = f"{self.area}{born:%Y%m%d}{serial:03d}"
        return first + check_digit(first)


def phone(number: int) -> str:
    """An eleven-digit number of a range that no mobile operator has."""
    return f"129{(number * 7_919_003 + 20_261_121) % 100_000_000:08d}"
