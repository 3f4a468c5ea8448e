"""Ledgers and lead lists in, rows to be mended out: one pure importer for the program and the county's admin command.

    intake = read_file(data, "台账.xlsx", county=..., areas=..., today=...)   # bytes -> documents, problems, lines
    plan = preview(tx, intake)                                                # against what is known; nothing done yet
    import_into(store, actor, plan)                                           # in short transactions
    correction_workbook(intake, plan.problems)                                # what somebody has to mend

``columns.yaml`` says which header means what, ``problems.yaml`` what is said about a row. Ids are those of protocol.md:
two machines that import one file make the same documents.
"""
