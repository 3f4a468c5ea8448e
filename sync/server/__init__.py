"""The county server: routes, handlers, storage, admin command."""
