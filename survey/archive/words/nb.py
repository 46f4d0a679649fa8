"""What the documents of a package call things, in bokmål."""

CODE = "nb"
UNDECIDED = "ikke bestemt"
CLOCK = "{} kl. {:%H.%M} UTC"
DONE, NOT_DONE, NOT_CONFIRMED = "utført", "ikke utført", "ikke bekreftet utført"
SIMULATED = "Dette er en prøve: svarene er laget av et program, ingen er spurt."

STATES = {
    "planned": "under planlegging",
    "open": "åpen: svar tas imot",
    "closing": "under avslutning",
    "released": "avsluttet, resultatet er gitt ut",
    "destroyed": "avsluttet; det er bekreftet at ingen nøkkel finnes lenger",
}
AUDIENCES = {
    "resident": "beboere og brukere",
    "relative": "pårørende og verger",
    "relative_guess": "pårørende, om hva de tror beboeren mener",
    "leader": "enhetsledere",
    "applicant": "søkere",
    "open": "alle som vil svare",
}
SERVICE_KINDS = {
    "day_centre": "dagsenter",
    "senior_centre": "seniorsenter",
    "shared_home": "bofellesskap",
    "group_home": "bogruppe",
    "support_contact": "støttekontakt",
    "respite": "avlastning",
    "personal_assistance": "brukerstyrt personlig assistanse",
    "allocation_office": "forvaltning (tildelingskontor)",
}
WAYS = {
    "self": "alene, på nettbrett, telefon eller datamaskin",
    "interview": "i intervju",
    "paper": "på papir",
}
REPEATS = {
    0: "gjentas ikke",
    3: "hvert kvartal",
    6: "hvert halvår",
    12: "hvert år",
    24: "hvert andre år",
    36: "hvert tredje år",
}
LANGUAGES = {"nb": "bokmål", "nn": "nynorsk", "en": "engelsk"}
DAYS = {"opens": "Første dag", "closes": "Siste dag", "next": "Neste undersøkelse begynner"}
MAILINGS = {"invitation": "Invitasjon", "reminder_1": "Første påminnelse", "reminder_2": "Andre påminnelse"}
COMMENTS = {"waiting": "venter på gjennomlesing", "shown": "gjennomlest, navn er fjernet"}
DEEDS = {
    "round_opened": "Undersøkelsen ble åpnet, nøklene ble laget",
    "keys_recovered": "Nøklene ble hentet tilbake fra reservekopien",
    "round_extended": "Siste dag ble flyttet",
    "round_stopped": "Mottaket av svar ble stanset",
    "round_resumed": "Svar ble tatt imot igjen",
    "round_closed": "Resultatet ble gitt ut, og det som skal bort, ble slettet",
    "round_destroyed": "Det ble bekreftet at ingen kopi av nøklene finnes",
}

# The steps of survey.rounds.closing by name, in their order; a test holds the two together.
CLOSING = {
    "stop_taking": "Mottaket av svar er stanset.",
    "make_release": "Svarene er åpnet én gang, i minnet og stokket, telt opp og gjort om til utgivelsen.",
    "verify_release": "Utgivelsen er lest tilbake og sammenlignet med fingeravtrykket, før noe ble slettet.",
    "destroy_rows": "Låste svar, koder, inviterte adresser, spor etter hvem som var invitert, utgående e-post, "
    "papirsvar som ventet, nattlige opptellinger, "
    "enhetenes antall og invitasjoner til å ta imot svar er slettet fra databasen.",
    "destroy_traces": "Databasens filer er skrevet på nytt, så det slettede heller ikke ligger igjen i dem.",
    "destroy_files": "Undersøkelsens e-poster på disk og alle dens nøkler på maskinen er slettet.",
    "finish": "Undersøkelsen er merket som avsluttet.",
}
CONFIRMED = "Lederen har bekreftet at alle reservekopier av nøklene er slettet, også utenfor maskinen."
