"""What the words in cells usually mean: ends of leads, yes and no, activities, and what is not known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from readiness.crm.mapping.suggesting.names import plain

MISSING: Final = frozenset(
    {
        "unknown", "n/a", "#n/a", "na", "nan", "null", "nil", "-", "--", "---", "?", "??", "(blank)",
        "(none)", "<null>", "undefined", "unspecified", "(not set)", "not set", "not available",
        "not specified", "not known", "not given", "no data", "unbekannt", "k.a.", "k. a.", "keine angabe",
        "keine angaben", "desconocido",
        "desconocida", "sin datos", "s/d", "inconnu", "inconnue", "non renseigné", "sconosciuto", "n.d.",
        "desconhecido", "onbekend", "neznano", "ni podatka",
    }
)  # fmt: skip
"""Words, in lower case, that are written where nothing is known."""

YES: Final = frozenset({"yes", "y", "true", "t", "1", "ja", "j", "si", "sí", "oui", "sim", "da", "x", "1.0"})
NO: Final = frozenset({"no", "n", "false", "f", "0", "nein", "non", "não", "nao", "nee", "ne", "0.0"})

_ENDS: Final = (
    (
        "stop_calling",
        r"do_not_(call|contact)|(^|_)dncl?(_|$)|opt(ed)?_out|unsubscri|stop_calling|nicht_(mehr_)?anrufen|no_llamar|"
        r"abgemeldet|ne_pas_appeler|non_chiamare|nao_ligar|niet_bellen|ne_klic",
    ),
    (
        "disqualified",
        r"disqualif|unqualif|not_qualified|^junk|spam|invalid|duplicate|bad_(data|fit|lead)|wrong_number|unqualifiz|"
        r"disqualifiz|descalific|disqualifi|squalific|diskvalific|(^|_)dnq(_|$)",
    ),
    (
        "closed_lost",
        r"(^|_)lost|verloren|perdid|perdu|perso(_|$)|perdit|izgublj|reject|declin|abandon|cancel|dead(_|$)|no_sale|"
        r"not_interested|not_won|kein_interesse|abgelehnt|abgesagt|rechazad|refus|rifiutat|rejeit|afgewezen|zavrnj|fail|"
        r"closed_no|churned",
    ),
    (
        "closed_won",
        r"(^|_)won(_|$)|gewonnen|ganad[oa]|gagnee?(_|$)|vint[oa](_|$)|ganh[oa](_|$)|pridoblj|dobljen|converted|"
        r"(^|_)customer(_|$)|^sale(_made)?$|(^|_)sold(_|$)|success|purchased|bought|signed|enrolled|subscribed|^kunde$|"
        r"verkauft|vendid[oa]|vendu(_|$)|venduto|verkocht|prodano|closed_yes|xfera?(_|$)",
    ),
    (
        "open",
        r"open|(^|_)new(_|$)|working|prospect|engag|qualif|negotiat|propos|contact|nurtur|progress|pending|attempt|"
        r"assigned|offen|neu(_|$)|laufend|verhandl|angebot|bearbeitung|abiert|nuev|curso|negocia|ouvert|nouveau|cours|"
        r"apert|nuov|corso|abert|andamento|odprt|nov(_|$)|teku|lead|callback|callbk|interested|demo|meeting|evaluat|"
        r"discovery|quote|trial|pipeline|registr|hold|waiting|scheduled",
    ),
)
_COMPILED_ENDS: Final = tuple((end, re.compile(pattern)) for end, pattern in _ENDS)


def end_of(word: str) -> str | None:
    """Return which end of a lead a word names: one of our outcomes, "open", or None if it is no such word.

    >>> end_of("Closed Won"), end_of("verloren"), end_of("Negotiation/Review"), end_of("green")
    ('closed_won', 'closed_lost', 'open', None)
    """
    bare = plain(word)
    return next((end for end, pattern in _COMPILED_ENDS if pattern.search(bare)), None)


@dataclass(frozen=True, slots=True)
class Act:
    """A kind of activity by the name that agreements use, and who does it."""

    type: str
    direction: str


_ACTS: Final = (
    (r"unsub|opt(ed)?_?out|abmeld", Act("unsubscribe", "inbound")),
    (r"bounce", Act("email_bounced", "inbound")),
    (r"pric|preis", Act("pricing_page_view", "inbound")),
    (r"webinar", Act("webinar_attended", "inbound")),
    (r"demo.*page|page.*demo", Act("demo_page_view", "inbound")),
    (r"demo.*request|request.*demo", Act("demo_requested", "inbound")),
    (r"demo(?!_?graph)", Act("demo_attended", "inbound")),
    (r"linkedin|task|aufgabe|tarea|follow_?up|note(_|$)|notiz", Act("", "outbound")),
    (r"download|paper", Act("content_download", "inbound")),
    (r"chat", Act("chat", "inbound")),
    (r"repl(y|ied)|antwort|respuesta|repons", Act("email_reply", "inbound")),
    (r"form(_|$)|submi|formular", Act("form_submitted", "inbound")),
    (r"click|klick|clic", Act("email_clicked", "inbound")),
    (r"(mail|message).*open|open.*(mail|message)|^open(ed)?$|geoffnet", Act("email_opened", "inbound")),
    (r"visit|page|session|website|^web$|besuch", Act("web_visit", "inbound")),
    (r"(call|phone).*(answer|connect|inbound)|inbound.*call|call_?in$", Act("call_answered", "inbound")),
    (r"meeting|appointment|termin|treffen|reunion|riunione|sestanek", Act("meeting", "inbound")),
    (r"deliver", Act("email_delivered", "outbound")),
    (r"send|sent|mail|letter|brief", Act("email_sent", "outbound")),
    (r"call|phone|anruf|telefon|dial|llamada|appel|chiamata|klic", Act("call_attempt", "outbound")),
)
_COMPILED_ACTS: Final = tuple((re.compile(pattern), act) for pattern, act in _ACTS)


def act_of(word: str) -> Act | None:
    """Return which kind of activity a word names, or None if it is no such word.

    >>> act_of("Email Clicked"), act_of("green")
    (Act(type='email_clicked', direction='inbound'), None)
    """
    bare = plain(word)
    act = next((act for pattern, act in _COMPILED_ACTS if pattern.search(bare)), None)
    return act if act is None or act.type else Act(bare, act.direction)


def direction_of(word: str) -> str | None:
    """Return the direction that a word names, or None.

    >>> direction_of("Incoming"), direction_of("ausgehend"), direction_of("left")
    ('inbound', 'outbound', None)
    """
    bare = plain(word)
    if re.search(
        r"^in(bound|coming|_)?$|eingehend|entrante|entrant|in_entrata|entrada|inkomend|dohodn", bare
    ):
        return "inbound"
    outward = r"^out(bound|going|_)?$|ausgehend|saliente|sortant|in_uscita|saida|uitgaand|odhodn"
    return "outbound" if re.search(outward, bare) else None


def kind_of_source(word: str) -> str | None:
    """Return the agreement's name for sources that it treats in a way of their own, or None.

    >>> kind_of_source("Customer Referral"), kind_of_source("Purchased list"), kind_of_source("Web")
    ('customer_referral', 'bought_list', None)
    """
    bare = plain(word)
    if re.search(
        r"(customer|client|word_of_mouth|external).*referral|^referrals?$|empfehl|recommand|recomend|priporoc",
        bare,
    ):
        return "customer_referral"
    listed = (
        r"(purchased|bought|rented|gekaufte?)_?(list|address|lead|data)|list_(purchase|broker)|adresskauf"
    )
    return "bought_list" if re.search(listed, bare) else None


def decision_of(word: str) -> str | None:
    """Return which decision on a hand-over a word names, or None.

    >>> decision_of("Accepted"), decision_of("abgelehnt"), decision_of("blue")
    ('accepted', 'declined', None)
    """
    bare = plain(word)
    kinds = (
        ("handed_back", r"back|return|recycl|zuruck"),
        ("declined", r"declin|reject|refus|abgelehnt|rechaz|rifiut|zavrn|not_accept"),
        ("accepted", r"accept|angenomm|acept|accett|aceit|sprejet|taken"),
    )
    return next((kind for kind, pattern in kinds if re.search(pattern, bare)), None)
