"""The form engine and the forms; knows nothing of windows, stores or networks."""
