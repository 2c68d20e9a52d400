"""Changes of evidence and promises that contradict the rest, each with all that is said of it."""

from __future__ import annotations

PROMISES: list[tuple[str, str, str]] = [
    (
        "{activities: [reply, chat], lasts_days: 60}",
        "{activities: [reply, chat, open], lasts_days: 60}",
        "agreement, line 39: `stages.consideration.signifiers.0.activities.2`: saw `open`, which "
        "`interest.noise` says means nothing; expected an activity that shows that the lead is in "
        "the consideration stage. Take it out of one of the two.",
    ),
    (
        "{activities: [reply, chat], lasts_days: 60}",
        "{activities: [reply, chat, postponed], lasts_days: 60}",
        "agreement, line 46: `stages.moves_back.0`: saw the activity `postponed`, which shows that "
        "the lead is back in awareness, and elsewhere that the lead is in the consideration stage; "
        "expected evidence that proves one of the two only. Take it out of one of the two.",
    ),
    (
        "    - {reads: [when], any_of: [never]}",
        "    - {reads: [budget], any_of: [Approved]}",
        "agreement, line 47: `stages.moves_back.1`: saw “approved” as `budget`, which shows that the "
        "lead is back in awareness, and elsewhere that the lead is in the decision stage; expected "
        "evidence that proves one of the two only. Take it out of one of the two.",
    ),
    (
        "denied_by: [{reads: [budget], any_of: [none], lasts_days: 90}]",
        "denied_by: [{reads: [budget], any_of: [none, approved]}]",
        "agreement, line 51: `bant.budget.denied_by.0`: saw “approved” as `budget`, which shows that "
        "budget is denied, and elsewhere that budget is confirmed; expected evidence that proves one "
        "of the two only. Take it out of one of the two.",
    ),
    (
        "denied_by: [{reads: [authority], any_of: [user]}]",
        "denied_by: [{reads: [job, role], pattern: head of|chief}]",
        "agreement, line 56: `bant.authority.denied_by.0`: saw whatever contains “head of|chief” as "
        "`role`, which shows that authority is denied, and elsewhere that authority is confirmed; "
        "expected evidence that proves one of the two only. Take it out of one of the two.",
    ),
    (
        "denied_by: [{reads: [when], any_of: [never]}]",
        "denied_by: [{reads: [when], any_of: [this month]}]",
        "agreement, line 64: `bant.timeframe.denied_by.0`: saw “this month” as `when`, which shows "
        "that timeframe is denied, and elsewhere that timeframe is confirmed; expected evidence that "
        "proves one of the two only. Take it out of one of the two.\n"
        "agreement, line 66: `near_timeframe.0`: saw “this month” as `when`, which shows that the "
        "lead decides soon, and elsewhere that timeframe is denied; expected evidence that proves "
        "one of the two only. Take it out of one of the two.",
    ),
    (
        "- {activities: [demo], lasts_days: 50}",
        "- {activities: [demo, demo], lasts_days: 50}",
        "agreement, line 60: `bant.need.confirmed_by.1.activities.1`: saw `demo` again; expected "
        "each activity once among what proves the same point. Keep the one that lasts longest.",
    ),
    (
        "- {reads: [when], any_of: [this month], lasts_days: 30}",
        "- {reads: [when], any_of: [unknown], lasts_days: 30}",
        "agreement, line 66: `near_timeframe.0.any_of`: saw only words that `unknown_words` calls "
        "unknown; expected a word that says something. Change one of them.",
    ),
    (
        "bant_required: []",
        "bant_required: [budget, need, authority]",
        "agreement, line 69: `handover.bant_at_least`: saw 2; expected at least 3, as many as "
        "`bant_required` names. Raise it, or require fewer.",
    ),
    (
        "bant_required: []",
        "bant_required: [budget, budget]",
        "agreement, line 70: `handover.bant_required.1`: saw `budget` again; expected each piece "
        "once. Keep one.",
    ),
    (
        "categories: [sales_worthy, sales_ready_buyer]",
        "categories: [sales_worthy, sales_worthy]",
        "agreement, line 68: `handover.categories.1`: saw `sales_worthy` again; expected each "
        "category once. Keep one.",
    ),
    (
        "  response_hours: 24",
        "  response_hours: 24\n  follow_up_after_days: [0, 3, 1]",
        "agreement, line 75: `handover.follow_up_after_days.2`: saw 1 after 3; expected more days "
        "from attempt to attempt. Put them in rising order, each once.",
    ),
    (
        "  categories: [sales_worthy, sales_ready_buyer]",
        "  categories: [sales_worthy]\n  first_in_line: [sales_worthy, sales_ready_buyer]",
        "agreement, line 69: `handover.first_in_line.1`: saw sales_ready_buyer; expected a category that may "
        "pass at all. Add it to `categories`, or remove it here.",
    ),
    (
        "  response_hours: 24",
        "  response_hours: 24\n  follow_up_after_days: [0, 14]\n  returns: {undecided_after_days: 0.5, "
        "unreached_after_days: 10, again_after_days: 1}",
        "agreement, line 76: `handover.returns.undecided_after_days`: saw 0.5; expected at least 1, "
        "for sales has 24 hours to respond. Raise it, or shorten `response_hours`.\n"
        "agreement, line 76: `handover.returns.unreached_after_days`: saw 10; expected at least 14, "
        "the day of sales' last attempt in `follow_up_after_days`. Raise it, or drop the late "
        "attempts.",
    ),
    (
        "  response_hours: 24",
        "  response_hours: 24\n  returns:\n    undecided_after_days: 5\n    unreached_after_days: 10\n   "
        " again_after_days: 1\n    reasons: [{any_of: [budget], look_again_days: 9}, {any_of: "
        "[timing, Budget], look_again_days: 8}]",
        "agreement, line 79: `handover.returns.reasons.1.any_of.1`: saw `Budget` again; expected "
        "each reason once, for only the first counts. Keep one.",
    ),
    (
        "by_stage: {decision: 7}",
        "tracks: [{name: news}, {name: case, missing: [budget]}]",
        "agreement, line 83: `nurture.tracks.1`: saw the track `case` after `news`, which takes "
        "every lead; expected a track that some lead can come on. Put it before `news`, or drop one "
        "of the two.",
    ),
    (
        "by_stage: {decision: 7}",
        "tracks: [{name: a, stages: [decision], missing: [budget, need]}, {name: b, stages: "
        "[decision], missing: [Need]}]",
        "agreement, line 83: `nurture.tracks.1`: saw the track `b` after `a`, which takes all leads "
        "that could come on it; expected a track that some lead can come on. Put it before `a`, or "
        "drop one of the two.\n"
        "agreement, line 83: `nurture.tracks.1.missing.0`: saw `Need`; expected a criterion or a "
        "BANT piece: size, industry, country, role, budget, authority, need, timeframe. Did you mean "
        "`need`?",
    ),
    (
        "by_stage: {decision: 7}",
        "tracks: [{name: a, categories: [dubious]}, {name: A, categories: [dubious, unworthy]}]",
        "agreement, line 83: `nurture.tracks.1.name`: saw `A` again; expected a name of its own for "
        "each track. Rename one.",
    ),
    (
        "by_stage: {decision: 7}",
        "tracks: [{name: a, missing: [bugdet]}]",
        "agreement, line 83: `nurture.tracks.0.missing.0`: saw `bugdet`; expected a criterion or a "
        "BANT piece: size, industry, country, role, budget, authority, need, timeframe. Did you mean "
        "`budget`?",
    ),
    (
        "dubious: -10}",
        "dubious: 10}",
        "agreement, line 89: `points_card.dubious`: saw 10; expected zero or less: a dubious source "
        "earns none. Mend the sign.",
    ),
    (
        "referral: 10",
        "referral: -10",
        "agreement, line 89: `points_card.referral`: saw -10; expected zero or more: a referral "
        "costs no points. Mend the sign.",
    ),
    (
        "labels: {horizon_days: 90}",
        "labels: {horizon_days: 90, won: [closed_won, closed_lost]}",
        "agreement, line 90: `labels.neutral.0`: saw closed_lost again; expected each end once. Take "
        "it out of all lists but one.\n"
        "agreement, line 90: `labels.won`: saw closed_won, closed_lost; expected closed_won alone. "
        "Write [closed_won].",
    ),
    (
        "labels: {horizon_days: 90}",
        "labels: {horizon_days: 90, stop: [disqualified]}",
        "agreement, line 90: `labels.neutral.1`: saw disqualified again; expected each end once. "
        "Take it out of all lists but one.\n"
        "agreement, line 90: `labels.stop`: saw disqualified; expected stop_calling among them. Add "
        "stop_calling.",
    ),
    (
        "labels: {horizon_days: 90}",
        "labels: {horizon_days: 90, neutral: [closed_lost]}",
        "agreement, line 90: `labels`: saw no disqualified; expected it under `stop` or `neutral`. "
        "Add it to one.",
    ),
    (
        "unknown_words: [unknown]",
        "unknown_words: [unknown, Unknown]",
        "agreement, line 7: `unknown_words.1`: saw `Unknown` again; expected each word once. Keep one.",
    ),
]
"""What stands there, what stands there instead, and the whole message."""
