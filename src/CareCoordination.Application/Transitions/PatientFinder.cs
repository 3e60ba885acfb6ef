using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Application.Transitions;

/// <summary>A Patient that may be the one that is sought.</summary>
public readonly record struct FoundPatient(Snapshot Patient, MatchResult Match);

/// <summary>Finds the Patients that may be the person of another record, the surest first.</summary>
public sealed class PatientFinder(CareReads reads)
{
    /// <summary>More candidates than that are of no help to anybody.</summary>
    private const int MostCandidates = 200;

    private const int MostMerges = 5;

    /// <summary>
    /// Who the patient of a message is. Where somebody has said who it is, one of the same name and birth date is that one; where the
    /// record contradicts, nobody is.
    /// </summary>
    /// <param name="subject">Whom it is about by whoever handed it in; null where only it says so.</param>
    public async Task<ImmutableArray<FoundPatient>> FindAsync(
        TransitionNotice notice,
        Snapshot? subject,
        CancellationToken cancellationToken
    )
    {
        if (notice.Patient is not { } told)
            return [];
        if (subject is not { } person)
            return await FindAsync(told.Resource, cancellationToken);
        var found = new Dictionary<string, FoundPatient>(StringComparer.Ordinal);
        await AddAsync(person, PatientView.From(told.Resource), found, cancellationToken);
        return
        [
            .. found.Values.Select(f =>
                f.Match.Grade >= MatchGrade.Probable
                    ? f with
                    {
                        Match = f.Match with { Grade = MatchGrade.Certain },
                    }
                    : f
            ),
        ];
    }

    public async Task<ImmutableArray<FoundPatient>> FindAsync(
        ResourceDocument patient,
        CancellationToken cancellationToken
    )
    {
        var sought = PatientView.From(patient);
        var found = new Dictionary<string, FoundPatient>(StringComparer.Ordinal);
        foreach (var query in Queries(sought))
        {
            foreach (
                var candidate in await reads.FirstAsync(ResourceTypes.Patient, query, MostCandidates, cancellationToken)
            )
                await AddAsync(candidate, sought, found, cancellationToken);
        }

        return
        [
            .. found
                .Values.Where(f => f.Match.Grade != MatchGrade.CertainlyNot)
                .OrderByDescending(f => f.Match.Grade)
                .ThenByDescending(f => f.Match.Score)
                .ThenBy(f => f.Patient.Key.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>What finds whoever has one of the numbers; null where there are none.</summary>
    public SearchQuery? NumbersOf(ResourceDocument patient) =>
        ByNumbers(PatientView.From(patient)) is { } query ? reads.Criteria(ResourceTypes.Patient, query) : null;

    /// <summary>The Patient that somebody names, or the one that has replaced it; 422 where there is none.</summary>
    public async Task<Result<FoundPatient>> NamedAsync(string reference, CancellationToken cancellationToken)
    {
        if (
            !reference.StartsWith(ResourceTypes.Patient + "/", StringComparison.Ordinal)
            || await reads.ReadAsync(reference, cancellationToken) is not { } named
        )
            return Failure.Unprocessable(
                IssueCode.NotFound,
                $"There is no Patient here under the reference '{reference}': name one as Patient/[id].",
                "Parameters.parameter.where(name = 'patient')"
            );
        return new FoundPatient(await SurvivorAsync(named, cancellationToken), new(MatchGrade.Certain, 1));
    }

    /// <summary>A record that another one has replaced stands for that one.</summary>
    private async Task AddAsync(
        Snapshot candidate,
        PatientView sought,
        Dictionary<string, FoundPatient> found,
        CancellationToken cancellationToken
    )
    {
        var match = PatientMatch.Compare(sought, View(candidate));
        var survivor = await SurvivorAsync(candidate, cancellationToken);
        var key = survivor.Key.ToString();
        if (!found.TryGetValue(key, out var known) || known.Match.Score < match.Score)
            found[key] = new FoundPatient(survivor, match);
    }

    private async Task<Snapshot> SurvivorAsync(Snapshot candidate, CancellationToken cancellationToken)
    {
        for (var step = 0; step < MostMerges && ReplacedBy(candidate) is { } next; step++)
        {
            if (await reads.ReadAsync(next, cancellationToken) is not { } survivor)
                break;
            candidate = survivor;
        }

        return candidate;
    }

    private static string? ReplacedBy(Snapshot patient)
    {
        foreach (var link in View(patient).Link)
        {
            if (link.Type == LinkTypeCodes.ReplacedBy)
                return link.Other.Reference;
        }

        return null;
    }

    private static IEnumerable<string> Queries(PatientView sought)
    {
        if (ByNumbers(sought) is { } numbers)
            yield return numbers;
        if (sought.BirthDate is not { } birth)
            yield break;
        var day = Uri.EscapeDataString(birth.ToString());
        foreach (var family in sought.Name.Select(n => n.Family).OfType<string>().Distinct())
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"birthdate={day}&family={Uri.EscapeDataString(QueryText.Escape(family))}"
            );
        foreach (var given in sought.Name.Select(n => n.Given.FirstOrDefault()).OfType<string>().Distinct())
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"birthdate={day}&given={Uri.EscapeDataString(QueryText.Escape(given))}"
            );
    }

    private static string? ByNumbers(PatientView sought)
    {
        var identifiers = sought
            .Identifier.Where(i => i is { System: not null, Value: not null })
            .Select(i => $"{QueryText.Escape(i.System!)}|{QueryText.Escape(i.Value!)}")
            .ToArray();
        return identifiers.Length == 0 ? null : $"identifier={Uri.EscapeDataString(string.Join(',', identifiers))}";
    }

    private static PatientView View(Snapshot patient) =>
        PatientView.From(ResourceDocument.Parse(patient.Utf8Json).Value);
}
