using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
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

    public async Task<IReadOnlyCollection<(ResourceKey Key, ReadOnlyMemory<byte> Utf8Json)>> OfAsync(
        ImmutableArray<StoredResource> tasks,
        ImmutableArray<Include> includes,
        CancellationToken cancellationToken
    )
    {
        if (includes.IsEmpty || tasks.IsEmpty)
            return [];
        var company = new Dictionary<ResourceKey, ReadOnlyMemory<byte>>();
        foreach (var some in tasks.Chunk(definitions.Limits.Search.MaxValues))
        {
            var query = new SearchQuery(ResourceTypes.Task, [new IdCriterion([.. some.Select(t => t.Key.Id)])])
            {
                Count = some.Length,
                Includes = includes,
            };
            foreach (var found in (await gate.SearchAsync(query, cancellationToken)).Included)
                company[found.Key] = found.Utf8Json;
        }

        var patients = company.Keys.Where(k => k.Type == ResourceTypes.Patient).Select(k => k.ToString()).ToList();
        foreach (var risk in (await risks.LatestAsync(patients, cancellationToken)).Values)
            company[risk.Assessment.Key] = risk.Assessment.Utf8Json;
        return [.. company.Select(c => (c.Key, c.Value))];
    }
}
