"""
Findings and verdicts in words: plain text, no colour, no width.

Clause texts come from the caller, so that a report only shows and never decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rmsprop_conformance.model.verdict import CaseVerdict, Finding, Verdict
from rmsprop_conformance.report.result import (
    NOT_RUN,
    OUT,
    OWN_FAULT,
    VALIDATION,
    Filters,
    RunResult,
)
from rmsprop_conformance.report.tally import CaseResult, Tally

DETAIL_LINES = 12
"""
The end of a traceback names what was raised; more than a screen half hides the rest.
"""

LONGEST = 160
"""
Characters of a message where cases are listed; the record has all of it.
"""

SHOWN_BARE = 20
"""
Red cases without a violated value that are listed one by one.
"""

SHOWN_CASES = 3
"""
Cases of a family with unspecified values that are named; the record names all.
"""


def printable(text: str) -> str:
    """
    Text from outside with control characters spelt out, line ends and tabs kept.

    A subject's message must not be able to colour, clear or fake our output.
    """
    return "".join(
        each if each.isprintable() or each in "\n\t" else each.encode("unicode_escape").decode()
        for each in text
    )


def number(value: float) -> str:
    """
    A worst error for a person: three digits, `-` for none.
    """
    return "-" if value == 0 else f"{value:.3g}"


def share(value: float) -> str:
    """
    An error as a share of its bound; up to 1 in three decimals, all of them shown.
    """
    return f"{value:.3f}" if 0 < value <= 1 else number(value)


def plural(count: int, noun: str) -> str:
    """
    `1 case`, `2 cases`.
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def finding_lines(finding: Finding, clauses: Mapping[str, str]) -> tuple[str, ...]:
    """
    Where a value is out, by how much, and which documented sentence it breaks.
    """
    place = f"element {list(finding.element)}" if finding.element else "a scalar"
    sentence = clauses.get(finding.clause, "")
    far = f"{share(finding.share)} times the bound, {number(finding.ulp)}"
    return (
        f"after call {finding.call + 1}: {finding.slot} of variable {finding.variable}, {place}",
        f"  expected  {finding.expected}",
        f"  bound     {finding.bound}",
        f"  got       {printable(finding.got)}",
        f"  error     {finding.error}, {far} ulp",
        f"  violates  {finding.clause}" + (f": {sentence}" if sentence else ""),
    )


def case_lines(result: CaseResult, clauses: Mapping[str, str]) -> tuple[str, ...]:
    """
    Why a case is red: its finding, or what the subject said when it failed.
    """
    verdict = result.verdict
    head = f"case {verdict.case}: {verdict.verdict}"
    if verdict.first is not None:
        counted = f"{verdict.out:,} of {plural(verdict.values, 'value')} out"
        under = f", judged as {verdict.alternative}" if verdict.alternative else ""
        lines = finding_lines(verdict.first, clauses)
        return (f"{head}, {counted}{under}", *(f"  {line}" for line in lines))
    detail = printable(result.detail).rstrip().splitlines()[-DETAIL_LINES:]
    return (f"{head}: {printable(verdict.message)}", *(f"  | {line}" for line in detail))


def clause_lines(verdicts: Iterable[CaseVerdict]) -> tuple[str, ...]:
    """
    How many cases break each clause first, most first.
    """
    first = Counter(v.first.clause for v in verdicts if v.first is not None)
    return tuple(f"{clause}  {plural(cases, 'case')}" for clause, cases in first.most_common())


def more_lines(red: Sequence[CaseVerdict]) -> tuple[str, ...]:
    """
    The red cases after the first one: by violated clause, or one by one without any.
    """
    clauses = clause_lines(red)
    bare = [verdict for verdict in red[1:] if verdict.first is None]
    more = f"and {plural(len(bare) - SHOWN_BARE, 'more case')}"
    return (
        f"and {plural(len(red) - 1, 'more red case')}"
        + ("; clauses violated first:" * bool(clauses)),
        *(f"  {line}" for line in clauses),
        *(
            f"  case {each.case}: {_shortened(printable(each.message))}"
            for each in bare[:SHOWN_BARE]
        ),
        *((f"  {more}",) if len(bare) > SHOWN_BARE else ()),
    )


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def unsupported_lines(result: RunResult) -> tuple[str, ...]:
    """
    Why cases were not asked, each reason once.
    """
    reasons = Counter(v.message for v in result.verdicts if v.verdict is Verdict.UNSUPPORTED)
    left_out = (
        f"{plural(result.left_out, 'case')} not asked: other profiles' arguments or refusals that "
        f"{result.filters.profile} does not share"
    )
    return (
        *((left_out,) if result.left_out else ()),
        *(
            f"{plural(cases, 'case')} not asked: {printable(reason)}"
            for reason, cases in reasons.most_common()
        ),
    )


def advisory_lines(result: RunResult) -> tuple[str, ...]:
    """
    Which cases a subject accepted that a source refuses; nothing if it is a fault.
    """
    advisory = result.advisory
    if not advisory:
        return ()
    why = printable(result.subject.capabilities.get(VALIDATION, "nothing is known of it"))
    named = ", ".join(verdict.case for verdict in advisory[:SHOWN_CASES])
    more = len(advisory) - SHOWN_CASES
    accepted = f"{plural(len(advisory), 'case')} that {result.filters.profile} refuses"
    were = "was" if len(advisory) == 1 else "were"
    return (
        f"advisory: {accepted} {were} accepted, which is no part of the verdict ({why})",
        f"  {named}" + (f" and {plural(more, 'more case')}" if more > 0 else ""),
    )


def tally_line(tally: Tally) -> str:
    """
    One family on one line.
    """
    parts = [
        f"{tally.run}/{tally.planned} cases",
        plural(tally.values, "value"),
        f"{tally.exact:,} exact",
        f"{tally.sound:,} sound",
        f"{tally.out:,} out",
        f"{tally.unspecified:,} unspecified",
        f"{tally.unsupported:,} unsupported",
        f"{tally.error:,} failed",
        *(
            f"{count:,} {what}"
            for count, what in (
                (tally.rejected, "rejected"),
                (tally.accepted, "accepted"),
                (tally.excused, "excused"),
            )
            if count
        ),
        f"worst {share(tally.worst_share)} of the bound",
        f"{number(tally.worst_ulp)} ulp",
        f"{number(tally.worst_error)} absolute",
    ]
    return f"{tally.family or 'total'}: {', '.join(parts)}"


def policy_lines(result: RunResult) -> tuple[str, ...]:
    """
    What was shown where nothing is specified: a line for each family, then its cases.
    """
    families = [family for family in result.families if family.unspecified]
    if not families:
        return ()
    lines = ["where nothing is specified (for information, no part of the verdict)"]
    for family in families:
        policy = family.policy
        kinds = [
            f"{policy.finite:,} finite",
            f"{policy.nan:,} NaN",
            f"{policy.infinite:,} infinite",
        ]
        frozen = f"{policy.frozen:,} times a variable did not move"
        counted = f"{plural(family.unspecified, 'value')}: {', '.join(kinds)}; {frozen}"
        lines.append(f"  {family.family}: {counted}")
        lines.extend(f"    {line}" for line in _gone_lines(result, family.family))
    return tuple(lines)


def _gone_lines(result: RunResult, family: str) -> Iterator[str]:
    """
    From which call on the cases of a family have a value without a bound.
    """
    # Free-running, an error stays; in lockstep each call is judged from what was shown.
    gone = "from {} on" if result.filters.free_running else "first after {}"
    mine = [v for v in result.verdicts if v.family == family and v.unspecified_from is not None]
    for verdict in mine[:SHOWN_CASES]:
        assert verdict.unspecified_from is not None
        when = gone.format(f"call {verdict.unspecified_from + 1}")
        yield f"{verdict.case}: the last meaningful digit is gone {when}"
    if len(mine) > SHOWN_CASES:
        yield f"and {plural(len(mine) - SHOWN_CASES, 'more case')}"


def planted_line(result: RunResult) -> str:
    """
    Whether the judge found the faults planted in the subject's own answers.
    """
    counted = f"planted {result.planted:,}, caught {result.caught:,}"
    if not result.planted:
        return f"{counted} (no case was good enough to plant a fault in)"
    return counted


def verdict_words(result: RunResult) -> tuple[str, ...]:
    """
    The verdict in one sentence, what to do next, and the profile that the subject claims.
    """
    name, code = printable(result.subject.name), result.exit_code
    if code == OWN_FAULT:
        return _own_fault(result)
    if code == OUT:
        return (*_out(name, result), *_claimed(name, result))
    if code == NOT_RUN:
        return (
            f"Nothing was compared, so nothing is known about {name}.",
            "Next: see above why its cases were not asked, or judge other families.",
            *_claimed(name, result),
        )
    return (*_conforms(name, result), *_claimed(name, result))


def _claimed(name: str, result: RunResult) -> tuple[str, ...]:
    """
    The command that judges a subject by what it claims to be, if that was not done.
    """
    claimed = printable(result.subject.profile)
    if claimed == result.filters.profile:
        return ()
    return (f"It claims to be {claimed}; run `check {name} --profile {claimed}`.",)


def _own_fault(result: RunResult) -> tuple[str, str]:
    first = f" (first: {' in case '.join(result.missed[0][::-1])})" if result.missed else ""
    return (
        f"Our own fault: {result.self_check_problem}{first}; these verdicts are worth nothing.",
        "Next: report it, with the file that --json writes.",
    )


def _out(name: str, result: RunResult) -> tuple[str, str]:
    """
    What is red, the worst of it first: values, then stale entries, then what is required.
    """
    if result.red:
        return _red(name, result)
    if result.stale:
        hold = "holds" if len(result.stale) == 1 else "hold"
        return (
            f"{plural(len(result.stale), 'accepted deviation')} of {name} no longer {hold}.",
            "Next: remove what is named above, or restrict it to where it holds.",
        )
    lacks = ", ".join(dict.fromkeys(printable(each.lacks) for each in result.not_asked))
    return (
        f"{plural(len(result.not_asked), 'case')} could not be asked: {name} lacks {lacks}.",
        "Next: offer what is required, or do not require it.",
    )


def _red(name: str, result: RunResult) -> tuple[str, str]:
    red = [each.verdict for each in result.red]
    kinds = Counter(each.verdict for each in red)
    values, cases = plural(result.total.values, "value"), plural(result.total.run, "case")
    out = sum(each.out for each in red)
    counted = f"{out:,} of {values} out in {kinds[Verdict.OUT]:,} of {cases}"
    if kinds[Verdict.ERROR]:
        counted += f", {plural(kinds[Verdict.ERROR], 'case')} failed to run"
    if kinds[Verdict.ACCEPTED]:
        counted += f", {plural(kinds[Verdict.ACCEPTED], 'case')} accepted that it is to refuse"
    profile, kind = result.filters.profile, result.filters.format
    again = _command(result, red[0].family)
    return (
        f"{name} does not conform to {profile} in {kind}: {counted}.",
        f"Next: mend what the first case above shows, then run `{again}`.",
    )


def _command(result: RunResult, family: str) -> str:
    """
    The command that judges one family again, as it was judged now.
    """
    filters, usual = result.filters, Filters()
    parts = ["check", printable(result.subject.name), "--family", family]
    if filters.profile != usual.profile:
        parts += ["--profile", filters.profile]
    if filters.format != usual.format:
        parts += ["--format", filters.format]
    parts += [
        f"--{name}"
        for name, wanted in (
            ("quick", filters.quick),
            ("free-running", filters.free_running),
            ("forms", filters.forms),
            ("strict", filters.strict),
        )
        if wanted
    ]
    return " ".join(parts)


def _conforms(name: str, result: RunResult) -> tuple[str, str]:
    total = result.total
    asked = plural(total.run, "case")
    said = f"{name} conforms to {result.filters.profile} in {result.filters.format}"
    within = f"{plural(total.values, 'value')} of {asked} lie within their bounds"
    if total.excused:
        excused = plural(total.excused, "case")
        said += f" but for accepted deviations: all but {total.out:,} of {within}, and {excused} "
        said += f"{'is' if total.excused == 1 else 'are'} excused."
    else:
        said += f": all {within}."
    if total.unsupported:
        skipped = plural(total.unsupported, "case")
        return said, f"Next: {skipped} could not be asked; offer what they need, if you have it."
    return said, "Next: nothing to mend; put this command into your continuous integration."
