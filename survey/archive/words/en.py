"""What the documents of a package call things, in English."""

CODE = "en"
UNDECIDED = "not decided"
CLOCK = "{} at {:%H:%M} UTC"
DONE, NOT_DONE, NOT_CONFIRMED = "done", "not done", "not confirmed as done"
SIMULATED = "This is a trial: the answers were made by a program, and nobody was asked."
STATES = {
    "planned": "being planned",
    "open": "open: answers are taken",
    "closing": "being closed",
    "released": "closed, the result is released",
    "destroyed": "closed; it is confirmed that no key is left",
}
AUDIENCES = {
    "resident": "residents and users",
    "relative": "relatives and guardians",
    "relative_guess": "relatives, on what they believe the resident thinks",
    "leader": "unit leaders",
    "applicant": "applicants",
    "open": "everybody who wants to answer",
}
SERVICE_KINDS = {
    "day_centre": "day centres",
    "senior_centre": "senior centres",
    "shared_home": "shared homes",
    "group_home": "group homes",
    "support_contact": "support contacts",
    "respite": "respite",
    "personal_assistance": "personal assistance",
    "allocation_office": "the allocation office",
}
WAYS = {
    "self": "alone, on a tablet, a telephone or a computer",
    "interview": "in an interview",
    "paper": "on paper",
}
REPEATS = {
    0: "not repeated",
    3: "every quarter",
    6: "every half year",
    12: "every year",
    24: "every second year",
    36: "every third year",
}
LANGUAGES = {"nb": "bokmål", "nn": "nynorsk", "en": "English"}
DAYS = {"opens": "First day", "closes": "Last day", "next": "The next round begins"}
MAILINGS = {"invitation": "Invitation", "reminder_1": "First reminder", "reminder_2": "Second reminder"}
COMMENTS = {"waiting": "waiting to be read", "shown": "read, with names taken out"}
DEEDS = {
    "round_opened": "The round was opened, its keys were made",
    "keys_recovered": "The keys were brought back from the recovery copy",
    "round_extended": "The last day was moved",
    "round_stopped": "Answers were stopped",
    "round_resumed": "Answers were taken again",
    "round_closed": "The result was released, and what is to go was deleted",
    "round_destroyed": "It was confirmed that no copy of the keys is left",
}
CLOSING = {
    "stop_taking": "Answers are no longer taken.",
    "make_release": "The answers have been opened once, in memory and shuffled, counted and made into the release.",
    "verify_release": "The release has been read back and compared with its fingerprint, before anything was deleted.",
    "destroy_rows": "Sealed answers, codes, invited addresses, traces of who was invited, outgoing e-mail, answers on "
    "paper that waited, nightly counts, "
    "the units' numbers and invitations to take answers have been deleted from the database.",
    "destroy_traces": "The database's files have been written anew, so that nothing deleted is left in them either.",
    "destroy_files": "The round's e-mails on disk and all its keys on the machine have been deleted.",
    "finish": "The round is marked as closed.",
}
CONFIRMED = "Its leader has confirmed that all recovery copies of the keys are deleted, also outside the machine."
