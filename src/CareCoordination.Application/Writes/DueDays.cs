using CareCoordination.Application.Reads;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Application.Writes;

/// <summary>
/// Tasks that are due on a day: when the day is over depends on whose day it is, which only the resources around the task tell. Their
/// rows are made pure, as if it were the day of all organisations, and made exact here, before they are stored.
/// </summary>
public sealed class DueDays(CareReads reads, CarePolicies policies, CareOptions care)
{
    public async ValueTask<Commit> ResolveAsync(Commit commit, CancellationToken cancellationToken)
    {
        // One zone for all is what the rows are made with.
        if (care.Organizations.Count == 0)
            return commit;
        var changes = commit.Changes.ToBuilder();
        for (var i = 0; i < changes.Count; i++)
            changes[i] = changes[i] switch
            {
                PutResource { Projection.Work.Due: not null } put => put with
                {
                    Projection = await ResolveAsync(put.Projection, Written(put), cancellationToken),
                },
                Project { Projection.Work.Due: not null } keep => keep with
                {
                    Projection = await ResolveAsync(
                        keep.Projection,
                        await reads.ReadAsync(keep.Key.ToString(), cancellationToken),
                        cancellationToken
                    ),
                },
                IndexAnew { Projection.Work.Due: not null } anew => anew with
                {
                    Projection = await ResolveAsync(
                        anew.Projection,
                        await reads.ReadAsync(anew.Key.ToString(), cancellationToken),
                        cancellationToken
                    ),
                },
                var other => other,
            };
        return commit with { Changes = changes.ToImmutable() };
    }

    private async ValueTask<ProjectionRows> ResolveAsync(
        ProjectionRows rows,
        Snapshot? task,
        CancellationToken cancellationToken
    )
    {
        if (
            task is not { } written
            || OpenWork.Of(TaskView.From(ResourceDocument.Parse(written.Utf8Json).Value))
                is not { Due: { IsInstant: false } day }
        )
            return rows;
        var policy = await policies.OfAsync(written, cancellationToken);
        return rows with { Work = rows.Work! with { Due = policy.Calendar.EndOf(day) } };
    }

    private static Snapshot Written(PutResource put) => new(put.Key, 0, put.Content.Stamp(1, DateTimeOffset.UnixEpoch));
}
