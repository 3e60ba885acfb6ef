using CareCoordination.Application.Exports.Files;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;

namespace CareCoordination.Application.Exports;

/// <summary>
/// The last step of an export: the audit trail names the patients of whom it has data, so that each of them finds it among the
/// disclosures. They are those whom the export could have; of whom it left out all by a filter is named too.
/// https://www.ecfr.gov/current/title-45/section-164.528
/// </summary>
internal sealed class ExportDisclosures(IStoreReads reads, AuditTrail trail)
{
    private const int PatientsOfPart = 50_000;

    public async Task<ExportPlace> TellAsync(
        ExportPlan plan,
        Cohort cohort,
        Visibility? visibility,
        ExportPlace reached,
        CancellationToken cancellationToken
    )
    {
        var caller = plan.Ticket.AskedBy.ToCaller();
        var interaction = new BulkExport(KeyOf(plan), plan.Request, plan.BaseUrl);
        var query = new SnapshotQuery(ResourceTypes.Patient, plan.AsOf, ExportPart.RowsOfPage)
        {
            After = reached.After,
            Patients = cohort.Patients,
            Visibility = visibility,
            WithIds = true,
        };
        for (var told = 0; told < PatientsOfPart; )
        {
            using var page = await reads.SnapshotAsync(query, cancellationToken);
            await trail.DiscloseAsync(caller, interaction, [.. page.Rows.Select(row => row.Id!)]);
            told += page.Rows.Count;
            query = query with { After = page.Next };
            if (page.Next is null)
                break;
        }

        return new ExportPlace(query.After is null, query.After, []);
    }

    private static ResourceKey KeyOf(ExportPlan plan) =>
        plan.Request.Level switch
        {
            ExportLevel.Group => new(ResourceTypes.Group, plan.Group!),
            ExportLevel.Patient => new(ResourceTypes.Patient, ""),
            _ => new(Operations.Operation.System, ""),
        };
}
