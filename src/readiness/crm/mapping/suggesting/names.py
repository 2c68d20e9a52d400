"""What the names of columns usually mean, in the languages in which CRMs of our readers speak."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache
from typing import Final


class Means(StrEnum):
    """What a column's name says that it holds; a name may say several things."""

    CREATED = "created"
    CLOSED = "closed"
    CHANGED = "changed"
    OPTED_OUT = "opted out"
    PERSON = "person"
    COMPANY = "company"
    KEY = "key"
    OWNER = "owner"
    SOURCE = "source"
    STATE = "state"
    TARGET = "target"
    TYPE = "type"
    DIRECTION = "direction"
    HANDED_OVER = "handed over"
    DECIDED = "decided"
    DECISION = "decision"
    REASON = "reason"
    FIELD = "field"
    VALUE = "value"
    LEAK = "leak"
    CALENDAR = "calendar"


# English first, then German, Spanish, French, Italian, Portuguese, Dutch, Slovenian where they differ.
_PATTERNS: Final = {
    Means.CREATED: (
        r"creat|^open(ed)?(_|$)|date_open|engage|^start|_start|entered|^entry|regist|sign_?up|"
        r"signed_up|receiv|inquir|enquir|added|lead_date|first_seen|subscription_date|"
        r"angelegt|erstell|^anlage|eroffn|eingang|erfasst|creado|creacion|(^|_)alta|^cree|"
        r"creazione|criad|criacao|aangemaakt|ustvarj|nastan|odprto"
    ),
    Means.CLOSED: (
        r"clos|^end_?(ed|date|_on|_at)?$|^(won|lost)_(at|on|date)|sale_date|sold_|finished|"
        r"outcome_(at|on|date)|abschluss|abgeschloss|geschloss|beendet|cierre|cerrad|cloture|"
        r"chius|fechad|fecho|geslot|zaprt|zakljuc|convert.*(date|_at|time)|^conver\w*_on$"
    ),
    Means.CHANGED: (
        r"modif|updat|chang|modstamp|sync|(^|_)last_(?!name)|latest|recent|geander|aktualis|"
        r"zuletzt|letzte|actualiz|ultim|mis_a_jour|derni|aggiorn|atualiz|gewijzigd|spremenj|"
        r"zadnj|refresh|(^|_)viewed|referenced"
    ),
    Means.OPTED_OUT: (
        r"opt(ed)?_?(me_?)?out|unsub|do_?not_|dont_|donot|no_call|(^|_)dnc|abgemeldet|abmeld|"
        r"widerspr|werbesperre|anrufsperre|kontaktsperre|no_llamar|baja|desinscri|desabon|"
        r"ne_pas|non_chiamare|disiscri|nao_ligar|afgemeld|odjav|ne_klic"
    ),
    Means.PERSON: (
        r"(first|last|given|family|full|middle|sur|vor|nach|contact|user|nick|lead|customer|client|person|prospect)_?name|"
        r"^name$|e_?mail(_?address)?(_\d)?$|phone|(^|_)mobile|(^|_)cell|(^|_)fax|telef|handy|"
        r"street|strasse|address|adresse|direccion|indirizzo|endereco|naslov|iban|passport|"
        r"birth|geburt|nacimiento|naissance|salut|anrede|^ip$|ip_addr|linkedin|twitter|"
        r"facebook|photo|password|nombre|apellido|prenom|^nom$|cognome|sobrenome|voornaam|"
        r"achternaam|^ime$|priimek|postal|post_?code|^zip|^plz|latitude|longitude|(^|_)ssn|"
        r"tax_?id|ansprechpartner"
    ),
    Means.COMPANY: (
        r"company$|company_name|^account(_name)?$|^firma|organi[sz]ation|unternehmen|^empresa|"
        r"entreprise|azienda|bedrijf|podjetje|website|domain|employer|business_?name|^klant$|"
        r"^stranka$|^kunde$|^cliente?$|^contact$|^kontakt$"
    ),
    Means.KEY: (
        r"(^|_)(id|ids|fid|vid|uid|uuid|guid|key|nr|no|number|code|ref|pk|rownames?|index)$|"
        r"(^|_)(numero|nummer|\w*nummer|stevilka|kennung)$|^id_|^column_1$|^unnamed"
    ),
    Means.OWNER: (
        r"owner|agent|(^|_)rep(_|$)|salesperson|seller|manager|assigned_to|assignee|"
        r"created_by|modified_by|besitzer|verkaufer|betreuer|zustandig|bearbeiter|vendedor|"
        r"commercial$|venditore|verkoper|prodajalec|skrbnik"
    ),
    Means.SOURCE: (
        r"source|origin(?!al)|channel|herkunft|quelle|kanal|origen|canale?$|fuente|provenance|"
        r"provenienza|fonte|origem|herkomst|(^|_)bron$|(^|_)i?zvor|(^|_)vir$|utm_medium|"
        r"how_(did|found)|acquisition"
    ),
    Means.STATE: (
        r"outcome|result|status|stage|state$|phase|disposition|ergebnis|zustand|estado|etapa|"
        r"etat|statut|^stato|fase|esito|uitkomst|izid|stanje|faza"
    ),
    Means.TARGET: (
        r"^y$|^target|^label$|^class$|won$|convert(ed)?$|conversion$|^sale$|sold$|success|"
        r"respon(se|ded)$|subscribed|churn(ed)?$|attrition$|purchased?$|bought|deposit$|gewonnen|verkauft|ganad|"
        r"vendid|gagne|vendu|vinto|venduto|ganho|pridobljen|prodan|verkocht"
    ),
    Means.TYPE: (
        r"type|(^|_)event(_name)?$|action|activity$|kind|subtype|(^|_)art$|(^|_)typ$|vorgang|"
        r"aktion|tipo|accion|azione|acao|soort|vrsta|touch$|interaction$|aktivitat|actividad|"
        r"activite|attivita|atividade|dejavnost"
    ),
    Means.DIRECTION: r"direction|richtung|direccion|^sens$|direzione|direcao|smer$|initiated",
    Means.HANDED_OVER: r"hand(ed)?_?over|handoff|hand_off|mql_(date|at|on)|ubergeben|ubergabe|traspas|predan",
    Means.DECIDED: r"decided|decision_(at|on|date)|accepted_(at|on|date)|entschieden|sal_(at|on|date)",
    Means.DECISION: r"decision$|verdict|entscheidung|decisao|odlocitev|sales_(answer|accepted)",
    Means.REASON: r"reason|(^|_)grund|motivo?$|raison|razlog|begrundung",
    Means.FIELD: (
        r"^(field|property|attribute|column|name|question|feld|eigenschaft|campo|champ|polje|frage|pregunta)(_?name)?$|"
        r"^primary_attribute_value$"
    ),
    Means.VALUE: r"^(new_?)?(value|answer|wert|antwort|valor|valeur|valore|vrednost|odgovor|respuesta)$",
    Means.LEAK: (
        r"(close|deal|contract|won|closed|final)_?(value|amount|revenue|price)|(^|_)amount|"
        r"deal_size|score|probab|forecast|converted_|is_closed|is_won|"
        r"(lost|won|close|loss|churn)_reason|duration|call_length|talk_time|days_to_|"
        r"sales_cycle|invoice|contract_n|auftragswert|abschlusswert|gesprachsdauer|"
        r"wahrscheinlich|current_stage|win_|is_sql|(^|_)grade$"
    ),
    Means.CALENDAR: (
        r"^(month|day|weekday|day_of_(week|month)|dayofweek|quarter|year|week|fiscal.*|monat|wochentag|tag|quartal|jahr|mes|dia|ano|mois|jour|annee|mese|giorno|anno|maand|dag|jaar|mesec|dan|leto)$|"
        r"euribor|cons_price|cons_conf|emp_var|nr_employed"
    ),
}
_COMPILED: Final = {means: re.compile(pattern) for means, pattern in _PATTERNS.items()}
_KNOWN_AS: Final = {
    "company_size": (
        r"^(n(o|r|um(ber)?)?_(of_)?)?(employees?|staff|headcount|mitarbeiter(zahl)?|empleados|effectif|dipendenti|funcionarios|werknemers|zaposlen\w*)(_count|_number)?$|"
        r"^company_size$"
    ),
    "industry": (r"^(industry|branche|sector|industria|secteur|settore|setor|sector_name|panoga|branch)$"),
    "country": r"^(country(_code)?|land|pais|pays|paese|drzava)$",
    "job_title": (
        r"^(job_?title|title|position|job_?role|cargo|poste|funktion|puesto|ruolo|functie|delovno_mesto)$"
    ),
    "seniority": r"^(seniority|seniority_level|job_?level|management_level)$",
    "budget": r"^(budget|presupuesto|bilancio|orcamento|proracun)(_c)?$",
    "timeframe": (
        r"^(time_?frame|timeline|zeitrahmen|purchase_time_?frame|plazo|delai|tempistica|prazo|rok)(_c)?$"
    ),
}


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """Return a name in lower case without accents, its words parted by ``_``.

    >>> plain("DateCreated"), plain("Größe (m²)"), plain("Budget__c")
    ('date_created', 'grosse_m2', 'budget')
    """
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=\d)(?=[A-Z][a-z])", "_", name.replace("ß", "ss"))
    letters = unicodedata.normalize("NFKD", parted).casefold()
    words = "_".join(
        re.findall(r"[^\W_]+", "".join(sign for sign in letters if not unicodedata.combining(sign)))
    )
    return words.removeprefix("property_").removesuffix("_c") or words


@lru_cache(maxsize=4096)
def meanings(name: str) -> frozenset[Means]:
    """Return what a column's name says that it holds.

    >>> sorted(meanings("Lead Source"))
    [<Means.SOURCE: 'source'>]
    """
    return frozenset(means for means, pattern in _COMPILED.items() if pattern.search(plain(name)))


def known_as(name: str) -> str | None:
    """Return the name under which agreements ask for what this column holds, or None.

    >>> known_as("Number of Employees"), known_as("Shoe size")
    ('company_size', None)
    """
    return next((ours for ours, theirs in _KNOWN_AS.items() if re.search(theirs, plain(name))), None)


def singular(name: str) -> str:
    """Return a file's or column's name as one of its rows would be called.

    >>> singular("accounts"), singular("companies"), singular("status")
    ('account', 'company', 'status')
    """
    bare = plain(name)
    if bare.endswith("ies"):
        return bare[:-3] + "y"
    return bare[:-1] if bare.endswith("s") and not bare.endswith(("ss", "us", "is")) else bare
