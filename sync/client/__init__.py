"""The laptop's side of sync: transport, one sync run, USB bundles."""
