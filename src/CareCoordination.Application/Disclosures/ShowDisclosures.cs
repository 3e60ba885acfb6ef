using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Audit;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;
using CareCoordination.Workflow.Calendars;
using MediatR;

namespace CareCoordination.Application.Disclosures;

/// <summary>
/// To whom data of a patient was shown, the latest first: the accounting of disclosures that a patient may ask for.
/// https://www.ecfr.gov/current/title-45/section-164.528
/// </summary>
/// <param name="Self">The request, without its page, for the links.</param>
public sealed record ShowDisclosures(ResourceKey Patient, int Count, string Self, string BaseUrl)
    : FhirInteraction("$disclosures", Patient.Type, Patient.Id)
{
    public CareDate? From { get; init; }

    public CareDate? To { get; init; }

    /// <summary>The row at which the page starts; null: the first page.</summary>
    public long? Start { get; init; }

    public required PageLinks Links { get; init; }

    public static readonly Operation Operation = new(
        ResourceTypes.Patient,
        "disclosures",
        "Who was shown data of the patient, as AuditEvents, the latest first: the accounting of disclosures, for at least six years.",
        Read
    )
    {
        AffectsState = false,
        Answer = ResourceTypes.Bundle,
        Parameters =
        [
            new("start", Take.Time, "Only from this instant, or the beginning of this day (UTC), on."),
            new("end", Take.Time, "Only until this instant, or the end of this day (UTC)."),
            new("count", ["integer", "positiveInt", "decimal"], "Events a page; _count in the URL means the same."),
            new(PageToken.Parameter, ["string"], "The page, as a next link has it."),
        ],
    };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        var limits = input.Definitions.Limits;
        var count = input.Number("count") ?? NumberOf(input.Query.First("_count"));
        if (count < 1)
            return Failure.Invalid(IssueCode.Value, "'count' is at least 1.", "Parameters.parameter");
        var size = (int)Math.Min(count ?? limits.DefaultPageSize, limits.MaxPageSize);
        var self = string.Create(
            CultureInfo.InvariantCulture,
            $"{input.Key}/$disclosures?{input.Repeated(PageToken.Parameter, "count")}_count={size}"
        );
        var show = new ShowDisclosures(input.Key, size, self, input.BaseUrl)
        {
            Links = PageLinks.Of($"{input.BaseUrl}/{self}", input.Query),
            From = input.Date("start"),
            To = input.Date("end"),
        };
        if (input.Text(PageToken.Parameter) is not { } token)
            return show;
        return PageToken.Read(token, self).TryGet(out var cursor, out var failure)
            ? show with
            {
                Start = cursor.Key,
            }
            : failure;
    }

    private static decimal? NumberOf(string? text) =>
        decimal.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

internal sealed class ShowDisclosuresHandler(ReadGate gate, TimeProvider time)
    : IRequestHandler<ShowDisclosures, FhirResponse>
{
    /// <summary>A page ends after so many rows that were looked at: the next link goes on.</summary>
    private const int MaxRows = 5_000;

    public async Task<FhirResponse> Handle(ShowDisclosures show, CancellationToken cancellationToken)
    {
        var query = await QueryAsync(show, cancellationToken);
        if (!gate.MayReadTrail && !gate.IsOfCaller(query))
            return Failure.From(
                403,
                IssueCode.Forbidden,
                "Disclosures are told to the patient whose data it is, and to auditors."
            );
        if (await gate.ReadAsync(show.Patient, cancellationToken) is null)
            return Failure.NotFound($"There is no {show.Patient}.");
        var (shown, next) = await FindAsync(show, query, cancellationToken);
        return FhirResponse.Of(
            new BundleContent(
                "searchset",
                time.GetUtcNow(),
                [.. shown.Select(row => Entry(show, AuditEvents.Of(Reduced(row, show.Patient))))]
            )
            {
                SelfLink = show.Links.Self,
                FirstLink = show.Links.First,
                NextLink = next is { } start
                    ? show.Links.Next(PageToken.Write(new PageCursor(null, start), show.Self))
                    : null,
            }
        );
    }

    /// <summary>The second after the last one that is asked for; at the end of time there is none.</summary>
    private static DateTimeOffset After(DateTimeOffset end) =>
        end < DateTimeOffset.MaxValue.AddSeconds(-1) ? end.AddSeconds(1) : DateTimeOffset.MaxValue;

    private async Task<AuditQuery> QueryAsync(ShowDisclosures show, CancellationToken cancellationToken)
    {
        var query = new AuditQuery
        {
            References = [show.Patient.ToString()],
            IsDescending = true,
            Last = show.Start ?? long.MaxValue,
        };
        if (show.From is { } from)
            query = query with
            {
                First = await gate.AuditSinceAsync(from.StartIn(TimeZoneInfo.Utc), cancellationToken),
            };
        if (show.To is { } to)
            query = query with
            {
                Last = Math.Min(
                    query.Last,
                    await gate.AuditSinceAsync(After(to.EndIn(TimeZoneInfo.Utc)), cancellationToken) - 1
                ),
            };
        return query;
    }

    private async Task<(ImmutableArray<AuditRow> Shown, long? Next)> FindAsync(
        ShowDisclosures show,
        AuditQuery query,
        CancellationToken cancellationToken
    )
    {
        var shown = ImmutableArray.CreateBuilder<AuditRow>();
        var asked = query.First <= query.Last ? query : null;
        for (var looked = 0; asked is not null; )
        {
            var page = await gate.AuditAsync(asked, cancellationToken);
            foreach (var row in page.Rows)
            {
                if (shown.Count == show.Count || looked++ == MaxRows)
                    return (shown.DrainToImmutable(), row.Sequence);
                if (IsDisclosure(row.Line, show.Patient))
                    shown.Add(row);
            }

            asked = asked.From(page.Next);
        }

        return (shown.DrainToImmutable(), null);
    }

    /// <summary>
    /// Something was shown, and not to the patients themselves. What somebody writes is theirs, and what only names a patient as who acted
    /// shows nothing of them.
    /// </summary>
    private static bool IsDisclosure(AuditLine line, ResourceKey patient) =>
        line.Status < 400
        && AuditEvents.ActionOf(line.Interaction) is AuditEventActionCodes.R or AuditEventActionCodes.E
        && line.Agent.Person != patient.ToString()
        && (line.Patients.Contains(patient.Id) || (line.Type == patient.Type && line.Id == patient.Id));

    /// <summary>
    /// What a row says of this patient: the others of the same page, what else was written and what was searched for are nobody's business
    /// here.
    /// </summary>
    private static AuditRow Reduced(AuditRow row, ResourceKey patient) =>
        row with
        {
            Line = row.Line with
            {
                Patients = [patient.Id],
                Entities = row.Line.Patients.Length > 1 ? [] : row.Line.Entities,
                Query = null,
                Agent = row.Line.Agent with { Address = null },
            },
        };

    private static BundleEntry Entry(ShowDisclosures show, StoredResource audit) =>
        new()
        {
            FullUrl = $"{show.BaseUrl}/{audit.Key}",
            Resource = audit.Utf8Json,
            SearchMode = "match",
        };
}
