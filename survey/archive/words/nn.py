"""What the documents of a package call things, in nynorsk."""

CODE = "nn"
UNDECIDED = "ikkje bestemt"
CLOCK = "{} kl. {:%H.%M} UTC"
DONE, NOT_DONE, NOT_CONFIRMED = "utført", "ikkje utført", "ikkje stadfesta utført"
SIMULATED = "Dette er ei prøve: svara er laga av eit program, ingen er spurde."
STATES = {
    "planned": "under planlegging",
    "open": "open: svar blir tekne imot",
    "closing": "under avslutning",
    "released": "avslutta, resultatet er gitt ut",
    "destroyed": "avslutta; det er stadfesta at ingen nøkkel finst lenger",
}
AUDIENCES = {
    "resident": "bebuarar og brukarar",
    "relative": "pårørande og verjer",
    "relative_guess": "pårørande, om kva dei trur bebuaren meiner",
    "leader": "einingsleiarar",
    "applicant": "søkjarar",
    "open": "alle som vil svare",
}
SERVICE_KINDS = {
    "day_centre": "dagsenter",
    "senior_centre": "seniorsenter",
    "shared_home": "bufellesskap",
    "group_home": "bugruppe",
    "support_contact": "støttekontakt",
    "respite": "avlasting",
    "personal_assistance": "brukarstyrt personleg assistanse",
    "allocation_office": "forvaltning (tildelingskontor)",
}
WAYS = {
    "self": "åleine, på nettbrett, telefon eller datamaskin",
    "interview": "i intervju",
    "paper": "på papir",
}
REPEATS = {
    0: "blir ikkje gjenteken",
    3: "kvart kvartal",
    6: "kvart halvår",
    12: "kvart år",
    24: "kvart andre år",
    36: "kvart tredje år",
}
LANGUAGES = {"nb": "bokmål", "nn": "nynorsk", "en": "engelsk"}
DAYS = {"opens": "Første dag", "closes": "Siste dag", "next": "Neste undersøking byrjar"}
MAILINGS = {"invitation": "Invitasjon", "reminder_1": "Første påminning", "reminder_2": "Andre påminning"}
COMMENTS = {"waiting": "ventar på gjennomlesing", "shown": "gjennomlesne, namn er fjerna"}
DEEDS = {
    "round_opened": "Undersøkinga vart opna, nøklane vart laga",
    "keys_recovered": "Nøklane vart henta tilbake frå reservekopien",
    "round_extended": "Siste dag vart flytta",
    "round_stopped": "Mottaket av svar vart stansa",
    "round_resumed": "Svar vart tekne imot igjen",
    "round_closed": "Resultatet vart gitt ut, og det som skal bort, vart sletta",
    "round_destroyed": "Det vart stadfesta at ingen kopi av nøklane finst",
}
CLOSING = {
    "stop_taking": "Mottaket av svar er stansa.",
    "make_release": "Svara er opna éin gong, i minnet og stokka, talde opp og gjorde om til utgjevinga.",
    "verify_release": "Utgjevinga er lesen tilbake og samanlikna med fingeravtrykket, før noko vart sletta.",
    "destroy_rows": "Låste svar, kodar, inviterte adresser, spor etter kven som var invitert, utgåande e-post, "
    "papirsvar som venta, nattlege oppteljingar, "
    "tala frå einingane og invitasjonar til å ta imot svar er sletta frå databasen.",
    "destroy_traces": "Filene til databasen er skrivne på nytt, så det sletta heller ikkje ligg att i dei.",
    "destroy_files": "E-postane til undersøkinga på disk og alle nøklane hennar på maskina er sletta.",
    "finish": "Undersøkinga er merkt som avslutta.",
}
CONFIRMED = "Leiaren har stadfesta at alle reservekopiar av nøklane er sletta, også utanfor maskina."
