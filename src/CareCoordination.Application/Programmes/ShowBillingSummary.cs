using System.Collections.Immutable;
using CareCoordination.Access.Relations;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Billing;
using CareCoordination.Workflow.Calendars;
using MediatR;

namespace CareCoordination.Application.Programmes;

/// <summary>
/// What an organisation's month is ready for, and what is lost: counts of all its patients, for those who work for it. It shows nobody, so that
/// it is told from what is there rather than from what the caller may see of single patients.
/// </summary>
/// <param name="Month">A day of it; null: this month.</param>
/// <param name="Program">Only this programme; null: all.</param>
public sealed record ShowBillingSummary(ResourceKey Key, CareDate? Month, string? Program)
    : FhirInteraction("$billing-summary", Key.Type, Key.Id)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Organization,
        "billing-summary",
        "A calendar month of the programmes that the organisation bills: how many patients are ready for which codes, how many have the time and lack something else, and what. Told from the record as it is now. Not billing advice.",
        Read
    )
    {
        AffectsState = false,
        Answer = "Parameters",
        Parameters =
        [
            new("month", Take.Time, "A day of the month, such as 2026-11; this month where it is left out."),
            new("program", ["code", "string"], "Only this programme; all where it is left out."),
        ],
    };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        var program = input.Text("program");
        return program is not null && !CarePrograms.Is(program)
            ? Programs.Unknown(program)
            : new ShowBillingSummary(input.Key, input.Date("month"), program);
    }
}

internal sealed class ShowBillingSummaryHandler(
    CareReads reads,
    BillingReads billing,
    CarePolicies policies,
    ReadGate gate,
    TimeProvider time
) : IRequestHandler<ShowBillingSummary, FhirResponse>
{
    /// <summary>Of one question: an organisation with more asks for one programme, or for those within it.</summary>
    private const int MostPatients = 10_000;

    public async Task<FhirResponse> Handle(ShowBillingSummary show, CancellationToken cancellationToken)
    {
        var organization = show.Key.ToString();
        if (await reads.ReadAsync(organization, cancellationToken) is not { } found)
            return Failure.NotFound($"There is no {show.Key}.");
        var now = time.GetUtcNow();
        if (!gate.Rights.IsUnlimited && !await WorksForAsync(show.Key, now, cancellationToken))
            return Failure.From(
                403,
                IssueCode.Forbidden,
                $"The summary of {organization} is for those who work for it: a PractitionerRole of theirs names it."
            );
        var policy = await policies.OfAsync(cancellationToken, organization);
        var day = show.Month?.DayIn(policy.TimeZone) ?? policy.Today(now);
        var month = BillingMonth.Of(day, policy.TimeZone);
        var patients = await PatientsAsync(found.Key, show.Program, month, cancellationToken);
        if (patients.Length > MostPatients)
            return Failure.Unprocessable(
                IssueCode.TooCostly,
                $"A summary is of at most {MostPatients} patients, and the organisation has more in its programmes: ask for one 'program', or ask the organisations within it.",
                "Parameters.parameter"
            );
        var summary = new BillingSummary();
        foreach (var some in patients.Chunk(BillingReads.PatientsAtOnce))
        {
            var records = await billing.RecordsAsync(some, day, cancellationToken);
            foreach (var record in records.Values)
            {
                foreach (var program in ProgramMonths.Of(record, day, policy, now).Programs)
                {
                    if (
                        program.Episode.Organization == organization
                        && (show.Program is null || program.Program == show.Program)
                    )
                        summary.Add(program);
                }
            }
        }

        return FhirResponse.Of(new BytesContent(summary.ToParameters(organization, month.Name).ToUtf8Json()));
    }

    private async Task<bool> WorksForAsync(
        ResourceKey organization,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (gate.Caller.Person is not { } person)
            return false;
        var asker = new Asker(
            [person],
            [(short)RelationKind.ActsAs, (short)RelationKind.Covers, (short)RelationKind.WorksFor]
        );
        return (await gate.PartiesAsync(asker, now, cancellationToken)).Contains(organization);
    }

    private async Task<ImmutableArray<string>> PatientsAsync(
        ResourceKey organization,
        string? program,
        BillingMonth month,
        CancellationToken cancellationToken
    )
    {
        var type = $"{Uri.EscapeDataString(CarePrograms.System)}|{program}";
        // A period without an end is not within a day, so that it is neither equal to one nor before it: the days around the month are asked.
        var before = month.First.PlusDays(-1) ?? month.First;
        var after = month.Last.PlusDays(1) ?? month.Last;
        var episodes = await reads.FirstAsync(
            ResourceTypes.EpisodeOfCare,
            $"organization={organization}&type={type}&date=lt{after:yyyy-MM-dd}&date=gt{before:yyyy-MM-dd}",
            MostPatients + 1,
            cancellationToken
        );
        return
        [
            .. episodes
                .Select(e => EpisodeOfCareView.From(ResourceDocument.Parse(e.Utf8Json).Value).Patient.Reference)
                .OfType<string>()
                .Distinct(StringComparer.Ordinal),
        ];
    }
}
