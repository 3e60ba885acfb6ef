using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Workflow.Billing;

namespace CareCoordination.Application.Tasks;

/// <summary>
/// How the months of the patients of a page stand, so that a row can show the minutes to the next threshold. The number of searches depends
/// on how many fifties of patients a page has.
/// </summary>
public sealed class WorklistPrograms(ProgramMonths months)
{
    public async Task<IEnumerable<BundleEntry>> OfAsync(
        ImmutableArray<StoredResource> tasks,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var patients = tasks
            .Select(t => TaskView.From(ResourceDocument.Parse(t.Utf8Json).Value).For.Reference)
            .OfType<string>()
            .Where(p => p.StartsWith(ResourceTypes.Patient + "/", StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal);
        var found = await months.OfAsync(patients, null, now, cancellationToken);
        return found.Select(month => new BundleEntry
        {
            Resource = BillingReport.Of(month).ToUtf8Json(),
            SearchMode = "include",
        });
    }
}
