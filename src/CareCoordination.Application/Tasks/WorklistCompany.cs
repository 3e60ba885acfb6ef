using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;

namespace CareCoordination.Application.Tasks;

/// <summary>
/// What comes with the tasks of a page, so that a row can be shown without asking again: what they refer to, as a search includes it,
/// and with a patient the assessment of the risk by which the list is ordered.
/// </summary>
public sealed class WorklistCompany(ReadGate gate, PatientRisks risks, FhirDefinitions definitions)
{
    /// <summary>As <c>_include</c> of a search of Task.</summary>
    public static Result<ImmutableArray<Include>> Parse(IEnumerable<string> includes, FhirDefinitions definitions)
    {
        var query = string.Join('&', includes.Select(i => $"_include={Uri.EscapeDataString(i)}"));
        return definitions
            .ParseSearch(ResourceTypes.Task, QueryParameters.Parse(query), isLenient: false, "")
            .TryGet(out var parsed, out var failure)
            ? parsed.Query.Includes
            : failure;
    }

    public async Task<IReadOnlyList<StoredResource>> OfAsync(
        ImmutableArray<StoredResource> tasks,
        ImmutableArray<Include> includes,
        CancellationToken cancellationToken
    )
    {
        if (includes.IsEmpty || tasks.IsEmpty)
            return [];
        var company = new List<StoredResource>();
        foreach (var some in tasks.Chunk(definitions.Limits.Search.MaxValues))
        {
            var query = new SearchQuery(ResourceTypes.Task, [new IdCriterion([.. some.Select(t => t.Key.Id)])])
            {
                Count = some.Length,
                Includes = includes,
            };
            company.AddRange((await gate.SearchAsync(query, cancellationToken)).Included);
        }

        var patients = company.Where(c => c.Key.Type == ResourceTypes.Patient).Select(c => c.Key.ToString());
        foreach (var risk in (await risks.LatestAsync(patients, cancellationToken)).Values)
        {
            if (await gate.ReadAsync(risk.Assessment.Key, cancellationToken) is { IsDeleted: false } assessment)
                company.Add(assessment);
        }

        return [.. company.DistinctBy(c => c.Key)];
    }
}
