"""PDF reports and spreadsheets; sections take data in and give flowables out."""
