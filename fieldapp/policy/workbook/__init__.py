"""The workbook a county edits: parameters, policies, conditions, papers, relations; checked cell by cell."""
