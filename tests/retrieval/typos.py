"""Words of German administration as people mistype them, beside what they meant; written before there was an engine
that corrects. And words that are right: whoever asks for them must not be told that they meant something else.
"""

# One wrong, missing, doubled or swapped letter; a neighbouring key; what one hears; umlauts spelt out of habit.
TYPOS = {
    "Mängelmedler": "Mängelmelder",
    "Mängelmeldr": "Mängelmelder",
    "Strassenbelechtung": "Straßenbeleuchtung",
    "Straßenbeleuchtunng": "Straßenbeleuchtung",
    "Strasenbeleuchtung": "Straßenbeleuchtung",
    "Parkraumbewirtschaftng": "Parkraumbewirtschaftung",
    "Parkraumbewirtschaffung": "Parkraumbewirtschaftung",
    "Baugenemigung": "Baugenehmigung",
    "Baugenehmingung": "Baugenehmigung",
    "Bauanrtag": "Bauantrag",
    "Bauanttrag": "Bauantrag",
    "Fürerschein": "Führerschein",
    "Führerschien": "Führerschein",
    "Personalausweiss": "Personalausweis",
    "Personalauswies": "Personalausweis",
    "Reisepas": "Reisepass",
    "Gebürenbescheid": "Gebührenbescheid",
    "Gebührenbeschied": "Gebührenbescheid",
    "Verwaldung": "Verwaltung",
    "Verwlatung": "Verwaltung",
    "Verwaltungsgebürh": "Verwaltungsgebühr",
    "Kindertagesstäte": "Kindertagesstätte",
    "Kindertagestätte": "Kindertagesstätte",
    "Kitapltz": "Kitaplatz",
    "Grundsteuererklahrung": "Grundsteuererklärung",
    "Gewerbeameldung": "Gewerbeanmeldung",
    "Gewerbeanmledung": "Gewerbeanmeldung",
    "Hundesteur": "Hundesteuer",
    "Hundesteier": "Hundesteuer",
    "Friedhofverwaltung": "Friedhofsverwaltung",
    "Freidhofsverwaltung": "Friedhofsverwaltung",
    "Stadesamt": "Standesamt",
    "Standesammt": "Standesamt",
    "Standeasmt": "Standesamt",
    "Bürgerbühro": "Bürgerbüro",
    "Bürgerbeteilligung": "Bürgerbeteiligung",
    "Terminvereinbahrung": "Terminvereinbarung",
    "Terminfereinbarung": "Terminvereinbarung",
    "Wohngelt": "Wohngeld",
    "Wohngeldantarg": "Wohngeldantrag",
    "Meldebescheiningung": "Meldebescheinigung",
    "Führungszeugniss": "Führungszeugnis",
    "Führungzeugnis": "Führungszeugnis",
    "Urkunnde": "Urkunde",
    "Starkregenfrühwarnsytem": "Starkregenfrühwarnsystem",
    "Hochwaserschutz": "Hochwasserschutz",
    "Hochwasserschuzt": "Hochwasserschutz",
    "Ratsinformationsystem": "Ratsinformationssystem",
    "Ratsinformationssysten": "Ratsinformationssystem",
    "Haushaltsplahn": "Haushaltsplan",
    "Vergabestele": "Vergabestelle",
    "Ausschreibunh": "Ausschreibung",
    "Auschreibung": "Ausschreibung",
    "Abfahlkalender": "Abfallkalender",
    "Abfallkalendar": "Abfallkalender",
    "Spermüll": "Sperrmüll",
    "Sperrmül": "Sperrmüll",
    "Winterdinst": "Winterdienst",
    "Winterdeinst": "Winterdienst",
    "Baumkatatser": "Baumkataster",
    "Bebauungsplahn": "Bebauungsplan",
    "Bebaungsplan": "Bebauungsplan",
    "Ehrenamtt": "Ehrenamt",
    "Datenschuz": "Datenschutz",
    "Barierefreiheit": "Barrierefreiheit",
    "Barrierefreihiet": "Barrierefreiheit",
    "Volkshochscule": "Volkshochschule",
    "Bibliotek": "Bibliothek",
    "Biblothek": "Bibliothek",
    "Schwimbad": "Schwimmbad",
    "Rechnungsbearbeitug": "Rechnungsbearbeitung",
    "Zulasungsstelle": "Zulassungsstelle",
    "Kfz-Zulasung": "Kfz-Zulassung",
    "Verkerszählung": "Verkehrszählung",
    "Klimmaschutz": "Klimaschutz",
    "Wärmeplannung": "Wärmeplanung",
    "Wermeplanung": "Wärmeplanung",
    "Feuerwer": "Feuerwehr",
    "Katastrofenschutz": "Katastrophenschutz",
    "Geodatten": "Geodaten",
    "Dokumentenmanagment": "Dokumentenmanagement",
    "Formularserfer": "Formularserver",
    "Asylbewerba": "Asylbewerber",
    "Integrazion": "Integration",
    "Sozialhilffe": "Sozialhilfe",
    "Elterngelt": "Elterngeld",
    "Wahlhelver": "Wahlhelfer",
    "Melderegisterauskumft": "Melderegisterauskunft",
}

# Umlauts in every spelling: found as they are where the analysis reads them alike, corrected where it does not.
OTHER_SPELLINGS = {
    "Mangelmelder": "Mängelmelder",
    "Maengelmelder": "Mängelmelder",
    "Burgerburo": "Bürgerbüro",
    "buergerbuero": "Bürgerbüro",
    "Strassenbeleuchtung": "Straßenbeleuchtung",
}

# Written apart or together by mistake.
SPLIT_OR_JOINED = {
    "Mängel Melder": "Mängelmelder",
    "Bauantragonline": "Bauantrag online",
    "Baum Kataster": "Baumkataster",
    "Terminbuchen": "Termin buchen",
    "Sperr Müll anmelden": "Sperrmüll anmelden",
    "Hundesteueranmelden": "Hundesteuer anmelden",
}

# Right words that a catalogue may not have, and short ones: no business of a corrector, whatever lies near.
RIGHT = (
    "Raumschiff",
    "Zirkuszelt",
    "Kläranlage",
    "Leipzig",
    "Magdeburg",
    "Rosenheim",
    "Handwerk",
    "Wirtschaft",
    "Schifffahrt",
    "Notar",
    "Amt",
    "Rat",
    "Kita",
    "GIS",
    "XÖV",
    "OZG2",
    "Fahrrad",
    "Gewässer",
    "Jugendherberge",
    "Landtag",
    "Kirche",
    "Sirene",
)

# What else the catalogue of the tests talks about, so that there is something to be confused with.
OTHER_WORDS = """
Anmeldung Abmeldung Ummeldung Meldung Melder Mängel Mangel Mantel Antrag Auftrag Vertrag Vortrag Beitrag
Betrag Straße Straßen Beleuchtung Beratung Bewertung Belastung Bearbeitung Bewirtschaftung Verwaltungen
Verhandlung Verwendung Verwandlung Vermietung Genehmigung Gewerbe Gewerke Geld Gelder Wald Wohnen Wohnung
Wohngebiet Bescheid Bescheinigung Beschluss Bericht Berechtigung Gericht Gebühr Gebühren Gebäude Gelände
Geländer Kalender Haushalt Plan Platz Plätze Parkplatz Schule Schulen Hochschule Stelle Ausweis Ausweise
Ausschuss Ausstellung Kinder Kinderhaus Kindergarten Bürger Bürgermeister Bürgerschaft Burg Büro Termin
Termine online buchen anmelden melden finden suchen Steuer Steuern Grundsteuer Grundstück Hund Hunde Müll
Sperre System Systeme Schutz Hochwasser Wasser Wärme Klima Kataster Katalog Baum Bäume Bau Raum Park Parken
Verkehr Verein Vereine Dienst Dienste Winter Urlaub Ehre Amt Ämter Daten Datei Akte Akten Formular Formulare
Server Service Wahl Wahlen Helfer Hilfe Register Auskunft Familie Eltern Pflege Rente Arbeit Ausbildung
Feuer Wehr Wetter Warnung Sensor Sensoren Karte Karten Stadt Städte Land Kreis Kommune Gemeinde Rathaus
Ratsinformation Sitzung Sitzungen Protokoll Vergabe Vorgabe Aufgabe Ausgabe Rechnung Rechnungen Zahlung
Zulassung Entlassung Fahrzeug Fahrschule Führung Zeugnis Zeugnisse Ferien Freizeit Freiheit Sicherheit
Schwimmen Bad Bäder Sport Kultur Museum Theater Bücher Lesen Integration Migration Asyl Bewerber Bewerbung
Sozial Hilfen Kosten Karriere Barriere Menschen melden Schäden Störung Laternen Schlaglöcher Straßenschäden
Umwelt Natur Boden Luft Lärm Lärmschutz Solar Energie
"""
