using System.Text.Json;

namespace CareCoordination.Server.Tests.Record;

/// <summary>Counts social needs, and answers to questionnaires: m-18 and m-24 of docs/measures.md.</summary>
internal sealed class NaiveSocial(NaiveChart chart, NaiveEnrolments enrolments, NaivePeriod period)
{
    private const string Sdoh = "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes";
    private const int LeastDays = 30;

    public IEnumerable<NaiveMeasure> All()
    {
        var screens = Screens().Where(s => period.Has(s.Day)).ToList();
        var needs = Needs().ToList();
        return
        [
            new("m-18a", Screened(screens)),
            new("m-18b", screens.Select(s => new NaiveRow(s.Person, !s.IsAnswered, HasFound(s)))),
            new("m-18c", needs.Select(n => Row(n, n.Help.Count > 0))),
            new("m-18d", needs.Where(n => n.Help.Count > 0).Select(n => Row(n, IsMet(n)))),
            new("m-24", Ratings()),
        ];
    }

    /// <summary>Answers to questionnaires of a set that were finished, as far as they have any item.</summary>
    private IEnumerable<JsonElement> Answered(string set) =>
        chart
            .Record.Of("QuestionnaireResponse")
            .Where(q =>
                q.Text("status") is "completed" or "amended"
                && NaiveCodes.Has(set, q.Text("questionnaire")?.Split('|')[0].Split('/')[^1])
            );

    /// <summary>All answers, wherever they stand.</summary>
    private static IEnumerable<JsonElement> AnswersOf(JsonElement parent)
    {
        foreach (var item in parent.Items("item"))
        {
            foreach (var answer in item.Items("answer"))
            {
                yield return answer;
                foreach (var inner in AnswersOf(answer))
                    yield return inner;
            }

            foreach (var inner in AnswersOf(item))
                yield return inner;
        }
    }

    /// <param name="IsAnswered">Not all that was answered is that one does not want to.</param>
    private sealed record Screen(string Id, string? Person, DateOnly? Day, bool IsAnswered);

    private IEnumerable<Screen> Screens() =>
        from response in Answered("social-screen")
        let answers = AnswersOf(response).ToList()
        where answers.Count > 0
        select new Screen(
            response.Text("id")!,
            chart.PersonOf(response.At("subject")),
            chart.Days.Of(response.Text("authored")),
            answers.Exists(a => !NaiveCodes.Has("declined", a.Text("valueCoding", "code")))
        );

    /// <summary>Adults who were enrolled on at least thirty days of the period, in whatever programmes.</summary>
    private IEnumerable<NaiveRow> Screened(List<Screen> screens)
    {
        foreach (var of in enrolments.All.GroupBy(e => e.Person, StringComparer.Ordinal))
        {
            var met = of.Where(e => e.Meets(period.First, period.Last) && !(e.To < e.From)).ToList();
            var days = 0;
            for (var day = period.First; day <= period.Last; day = day.AddDays(1))
                days += met.Exists(e => e.Meets(day, day)) ? 1 : 0;
            if (days < LeastDays || !(chart.AgeOf(of.Key, period.Last) >= 18))
                continue;
            var theirs = screens.Where(s => s.Person == of.Key).ToList();
            yield return NaiveEnrolments
                .Last(met)
                .Row(theirs.Count > 0 && !theirs.Exists(s => s.IsAnswered), theirs.Exists(s => s.IsAnswered));
        }
    }

    private static IEnumerable<string> DomainsOf(JsonElement resource) =>
        resource
            .Items("category")
            .SelectMany(c => c.Items("coding"))
            .Where(c => c.Text("system") == Sdoh)
            .Select(c => c.Text("code"))
            .OfType<string>()
            .Distinct(StringComparer.Ordinal);

    private bool HasFound(Screen screen) =>
        chart.Illnesses.Any(i =>
            i.Person == screen.Person
            && DomainsOf(i.Condition).Any()
            && i.Told >= screen.Day
            && i.Told <= screen.Day?.AddDays(7)
        );

    private sealed record Need(NaiveChart.Illness Condition, string Domain, List<JsonElement> Help);

    /// <summary>Needs that were told in the period, and what was ordered against each within thirty days.</summary>
    private IEnumerable<Need> Needs(bool always = false) =>
        from condition in chart.Illnesses
        where always || period.Has(condition.Told)
        from domain in DomainsOf(condition.Condition)
        select new Need(
            condition,
            domain,
            [
                .. chart
                    .Record.Of("ServiceRequest")
                    .Where(r =>
                        NaiveLoops.IsOrder(r)
                        && r.Text("status") is "active" or "completed" or "on-hold"
                        && r.At("doNotPerform").ValueKind != JsonValueKind.True
                        && chart.PersonOf(r.At("subject")) == condition.Person
                        && DomainsOf(r).Contains(domain)
                        && chart.Days.Of(r.Text("authoredOn")) is { } day
                        && day >= condition.Told
                        && day <= condition.Told?.AddDays(30)
                    ),
            ]
        );

    private static NaiveRow Row(Need need, bool isCounted) =>
        new(need.Condition.Person, false, isCounted) { Programme = need.Domain };

    private static string? GoalOf(JsonElement request) =>
        request
            .Extensions("http://hl7.org/fhir/StructureDefinition/resource-pertainsToGoal")
            .FirstOrDefault()
            .At("valueReference")
            .Key("Goal");

    /// <summary>It is over, or the goal is reached that help was ordered for.</summary>
    private bool IsMet(Need need) =>
        NaiveChart.IsOver(need.Condition.Condition)
        || need.Help.Select(r =>
                r.Extensions("http://hl7.org/fhir/StructureDefinition/resource-pertainsToGoal")
                    .FirstOrDefault()
                    .At("valueReference")
                    .Key("Goal")
            )
            .Any(id =>
                chart
                    .Record.Of("Goal")
                    .Any(g =>
                        g.Text("id") == id
                        && g.Text("lifecycleStatus") != "entered-in-error"
                        && g.Code("achievementStatus") is "achieved" or "sustaining"
                    )
            );

    private IEnumerable<NaiveRow> Ratings() =>
        from response in Answered("experience")
        where response.Count("item") > 0
        where period.Has(chart.Days.Of(response.Text("authored")))
        let answers = AnswersOf(response).ToList()
        select new NaiveRow(
            response.At("subject").Key("Patient"),
            !answers.Exists(a =>
                a.Number("valueInteger") is >= 0 and <= 10 || a.Text("valueCoding", "code") is not null
            ),
            answers.Exists(a =>
                a.Number("valueInteger") is >= 9 and <= 10 || NaiveCodes.Has("top-box", a.Text("valueCoding", "code"))
            )
        );

    /// <summary>Rows of <c>social_screen</c>, <c>social_need</c> and <c>social_help</c>; the period is all time.</summary>
    public IEnumerable<(string Sql, IEnumerable<string> Rows)> Tables()
    {
        var needs = Needs(always: true).ToList();
        return
        [
            (
                "social_screen",
                Screens()
                    .Select(s =>
                        TableRows.Of(
                            ("response_id", s.Id),
                            ("person_id", s.Person),
                            ("day", s.Day),
                            ("was_answered", s.IsAnswered)
                        )
                    )
            ),
            (
                "social_need",
                needs.Select(n =>
                    TableRows.Of(
                        ("condition_id", n.Condition.Id),
                        ("domain", n.Domain),
                        ("patient_id", n.Condition.Condition.At("subject").Key("Patient")),
                        ("person_id", n.Condition.Person),
                        ("day", n.Condition.Told),
                        ("is_over", NaiveChart.IsOver(n.Condition.Condition))
                    )
                )
            ),
            (
                "social_help",
                needs.SelectMany(
                    n => n.Help,
                    (n, r) =>
                        TableRows.Of(
                            ("condition_id", n.Condition.Id),
                            ("domain", n.Domain),
                            ("request_id", r.Text("id")),
                            ("goal_id", GoalOf(r))
                        )
                )
            ),
        ];
    }
}
