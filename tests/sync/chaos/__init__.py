"""Random schedules of what goes wrong in the field, with what must hold afterwards."""
