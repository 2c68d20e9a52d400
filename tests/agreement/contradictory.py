"""Changes of who leads are and what they do that contradict the rest, each with all that is said of it."""

from __future__ import annotations

LEADS: list[tuple[str, str, str]] = [
    (
        "any_from: 2",
        "any_from: 20",
        "agreement, line 17: `interest.any_from`: saw 20; expected at most `high_from`, which is 10: "
        "else no interest could be little. Lower it.",
    ),
    (
        "high_from: 10",
        "high_from: 1000",
        "agreement, line 18: `interest.high_from`: saw 1000; expected at most 522.4 points, all that "
        "a lead could collect by doing everything every day. Lower it, or give activities more "
        "points, a longer half-life or a higher cap.",
    ),
    (
        "noise: [open]",
        "noise: [open, visit]",
        "agreement, line 26: `interest.noise.1`: saw `visit` again; expected each activity once in "
        "`meaningful`, `noise` or `negative`. Keep one.",
    ),
    (
        "noise: [open]",
        "noise: [open, demo]",
        "agreement, line 26: `interest.noise.1`: saw `demo` again; expected each activity once in "
        "`meaningful`, `noise` or `negative`. Keep one.\n"
        "agreement, line 43: `stages.decision.signifiers.0.activities.0`: saw `demo`, which "
        "`interest.noise` says means nothing; expected an activity that shows that the lead is in "
        "the decision stage. Take it out of one of the two.\n"
        "agreement, line 60: `bant.need.confirmed_by.1.activities.0`: saw `demo`, which "
        "`interest.noise` says means nothing; expected an activity that shows that need is "
        "confirmed. Take it out of one of the two.",
    ),
    (
        "noise: [open]",
        "noise: [open, Open]",
        "agreement, line 26: `interest.noise.1`: saw `Open` again; expected each activity once in "
        "`meaningful`, `noise` or `negative`. Keep one.",
    ),
    (
        "reply: {points: 4",
        "reply: {points: 0",
        "agreement, line 24: `interest.meaningful.reply.points`: saw 0 for `reply`; expected points "
        "above zero: a meaningful activity earns some. Give it points, or list it under `noise` or "
        "`negative`.",
    ),
    (
        "{points: -10, says: unsub",
        "{points: 10, says: unsub",
        "agreement, line 28: `interest.negative.unsubscribe.points`: saw 10 for `unsubscribe`; "
        "expected points below zero: a negative activity takes some away. Put a minus before them, "
        "or list it under `meaningful` or `noise`.",
    ),
    (
        "  cold_after_days: 100",
        "  cold_after_days: 100\n  cools: [{after_days: 30, says: cool}, {after_days: 30, says: Cool}]",
        "agreement, line 20: `interest.cools.1.after_days`: saw 30 after 30; expected more days from "
        "line to line. Put the lines in the order of their days.\n"
        "agreement, line 20: `interest.cools.1.says`: saw `Cool` again; expected a word of its own "
        "for each line. Change one.",
    ),
    (
        "  cold_after_days: 100",
        "  cold_after_days: 100\n  cools: [{after_days: 100, says: cool}]",
        "agreement, line 20: `interest.cools.0.after_days`: saw 100; expected less than "
        "`cold_after_days`, which is 100: first cool, then cold. Lower it.",
    ),
    (
        "dubious: [list]",
        "dubious: [Friend]",
        "agreement, line 34: `sources.referrals.sources.0`: saw `friend` again; expected each source "
        "once: dubious, or a referral. Keep one.",
    ),
    (
        "    named_in: [referred_by]",
        "    relations: {partner: [{reads: [source], any_of: [List]}]}",
        "agreement, line 35: `sources.referrals.relations.partner.0.any_of.0`: saw the source "
        "`List`, which is dubious; expected a source that is dubious or makes a referral, not both. "
        "Take it out of one of the two.",
    ),
    (
        "    named_in: [referred_by]",
        "    relations:\n      customer: [{reads: [kind], any_of: [a, b]}]\n      partner: [{reads: "
        "[kind], any_of: [B]}]",
        "agreement, line 37: `sources.referrals.relations.partner.0`: saw “b” as `kind`, which shows "
        "that the referrer is a partner, and elsewhere that the referrer is a customer; expected "
        "evidence that proves one of the two only. Take it out of one of the two.",
    ),
    (
        "    named_in: [referred_by]",
        "    outcomes:\n      won: [{reads: [end], pattern: bought}]\n      stop: [{reads: [end], "
        "pattern: bought}]",
        "agreement, line 37: `sources.referrals.outcomes.stop.0`: saw whatever contains “bought” as "
        "`end`, which shows that the referrer told us to stop, and elsewhere that the referrer "
        "bought; expected evidence that proves one of the two only. Take it out of one of the two.",
    ),
    (
        "    named_in: [referred_by]",
        "    named_in: [referrer, Referrer]",
        "agreement, line 35: `sources.referrals.named_in.1`: saw `Referrer` again; expected each "
        "name once. Keep one.",
    ),
    (
        "name: country",
        "name: Industry",
        "agreement, line 13: `profile.criteria.2.name`: saw `Industry` again; expected a name of its "
        "own for each criterion. Rename one.\n"
        "agreement, line 86: `questions.1.about`: saw `country`; expected a criterion or a BANT "
        "piece: size, industry, Industry, role, budget, authority, need, timeframe. Change it, or "
        "add the criterion.",
    ),
    (
        "name: country",
        "name: Budget",
        "agreement, line 13: `profile.criteria.2.name`: saw `Budget`; expected a name that is not "
        "one of the BANT pieces. Rename the criterion.\n"
        "agreement, line 86: `questions.1.about`: saw `country`; expected a criterion or a BANT "
        "piece: size, industry, Budget, role, budget, authority, need, timeframe. Change it, or add "
        "the criterion.",
    ),
    (
        "about: size",
        "about: shoe size",
        "agreement, line 85: `questions.0.about`: saw `shoe size`; expected a criterion or a BANT "
        "piece: size, industry, country, role, budget, authority, need, timeframe. Did you mean "
        "`size`?",
    ),
    (
        "about: country",
        "about: size",
        "agreement, line 86: `questions.1.about`: saw `size` again; expected one question about "
        "each. Keep one.",
    ),
    (
        "name: role, rank: must_not, reads: [role], pattern: student",
        "name: role, rank: must, reads: [size, people], at_most: 5, any_of: [Small]",
        "agreement, line 14: `profile.criteria.3`: saw the must `role`, which no value meets that "
        "meets the must `size`; expected musts that a lead can meet together. Make one of them a "
        "should, or widen it.",
    ),
    (
        "name: role, rank: must_not, reads: [role], pattern: student",
        "name: role, rank: must_not, reads: [size, people], at_least: 5, any_of: [big]",
        "agreement, line 14: `profile.criteria.3`: saw the must-not `role`, which forbids all that "
        "the must `size` asks for; expected a must that a lead can meet. Narrow the must-not, or "
        "drop one of the two.",
    ),
    (
        "rank: must, weight: 2, reads: [size, people], at_least: 10, any_of: [Big]",
        "rank: must, weight: 2, reads: [size, people], any_of: [unknown]",
        "agreement, line 11: `profile.criteria.0.any_of`: saw only words that `unknown_words` calls "
        "unknown; expected a word that says something. Change one of them.",
    ),
    (
        "any_of: [software]",
        "any_of: [software, Software]",
        "agreement, line 12: `profile.criteria.1.any_of.1`: saw `Software` again; expected it once. "
        "Keep one.",
    ),
    (
        "reads: [size, people]",
        "reads: [size, Size]",
        "agreement, line 11: `profile.criteria.0.reads.1`: saw `Size` again; expected it once. Keep one.",
    ),
]
"""What stands there, what stands there instead, and the whole message."""
