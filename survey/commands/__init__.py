"""The commands of `medvirk`, a module a subject. Each is thin: it reads arguments, calls a room, prints."""
