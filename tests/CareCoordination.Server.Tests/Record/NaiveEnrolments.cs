using System.Text.Json;

namespace CareCoordination.Server.Tests.Record;

/// <summary>Who was enrolled, and from when to when.</summary>
internal sealed class NaiveEnrolments
{
    private readonly NaiveChart _chart;

    public NaiveEnrolments(NaiveChart chart)
    {
        _chart = chart;
        All = [.. Read()];
    }

    /// <summary>Episodes that began.</summary>
    public IReadOnlyList<Enrolment> All { get; }

    /// <param name="To">Null: nobody knows of an end.</param>
    internal sealed record Enrolment(
        string Id,
        string? Patient,
        string? Person,
        DateOnly From,
        DateOnly? To,
        string? Manager,
        string? Organization,
        string? Programme,
        JsonElement Episode
    )
    {
        public NaiveRow Row(bool isLeftOut, bool isCounted) =>
            new(Person, isLeftOut, isCounted)
            {
                Practitioner = Manager,
                Organization = Organization,
                Programme = Programme,
            };

        public bool Meets(DateOnly first, DateOnly last) => From <= last && (To is null || To >= first);
    }

    private IEnumerable<Enrolment> Read()
    {
        foreach (var episode in _chart.Record.Of("EpisodeOfCare"))
        {
            if (
                episode.Text("status") is not ("active" or "onhold" or "finished")
                || _chart.Days.Of(episode.Text("period", "start")) is not { } from
            )
                continue;
            yield return new Enrolment(
                episode.Text("id")!,
                episode.At("patient").Key("Patient"),
                _chart.PersonOf(episode.At("patient")),
                from,
                _chart.Days.Of(episode.Text("period", "end"))
                    ?? (episode.Text("status") == "finished" ? _chart.Stored(episode) : null),
                episode.At("careManager").Key(),
                episode.At("managingOrganization").Key("Organization"),
                episode.Items("type").FirstOrDefault().Text("coding", "code"),
                episode
            );
        }
    }

    /// <summary>The last one that began.</summary>
    public static Enrolment Last(IEnumerable<Enrolment> enrolments) => InOrder(enrolments).Last();

    public static IEnumerable<Enrolment> InOrder(IEnumerable<Enrolment> enrolments) =>
        enrolments.OrderBy(e => e.From).ThenBy(e => e.Id, StringComparer.Ordinal);

    /// <summary>The day of the last change: of what is to come nothing can be told.</summary>
    public DateOnly Known => _chart.Days.Of(_chart.Record.Versions[^1].At);

    /// <summary>Months that meet a period, as far as something is known of them; the last one ends with the period.</summary>
    public IEnumerable<(DateOnly Start, DateOnly End)> Months(NaivePeriod period)
    {
        for (
            var start = new DateOnly(period.First.Year, period.First.Month, 1);
            start <= period.Last && start <= Known;
            start = start.AddMonths(1)
        )
            yield return (start, start.AddMonths(1).AddDays(-1) is var end && end < period.Last ? end : period.Last);
    }

    /// <summary>Rows of <c>enrolment</c>.</summary>
    public IEnumerable<string> Rows() =>
        All.Select(e =>
            TableRows.Of(
                ("episode_id", e.Id),
                ("patient_id", e.Patient),
                ("person_id", e.Person),
                ("program", e.Programme),
                ("from_day", e.From),
                ("to_day", e.To),
                ("care_manager_id", e.Manager),
                ("managing_org_id", e.Organization)
            )
        );
}
