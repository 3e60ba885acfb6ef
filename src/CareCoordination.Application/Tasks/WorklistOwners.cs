using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Reads;
using CareCoordination.Storage;
using CareCoordination.Workflow.Arithmetic;

namespace CareCoordination.Application.Tasks;

/// <summary>Whose work a worklist shows: by all names of the workers that were asked for, and by the days of their organisation.</summary>
public sealed class WorklistOwners(
    CareReads reads,
    CareWorkers workers,
    CarePolicies policies,
    FhirDefinitions definitions
)
{
    public async Task<ImmutableArray<Party>> WidenAsync(
        ImmutableArray<Party> owners,
        CancellationToken cancellationToken
    )
    {
        var widened = ImmutableArray.CreateBuilder<Party>();
        foreach (var owner in owners)
        {
            widened.Add(owner);
            if (owner.Key is not { } key)
                continue;
            foreach (var name in await workers.NamesOfAsync(key.ToString(), cancellationToken))
                widened.Add(definitions.PartyOf(name));
        }

        return [.. widened.Distinct()];
    }

    /// <summary>
    /// An owner of this server who is not here; null where all are. A worklist that is empty because of a mistyped id must not look like
    /// a day without work.
    /// </summary>
    public async Task<string?> MissingAsync(ImmutableArray<Party> owners, CancellationToken cancellationToken)
    {
        foreach (var owner in owners)
        {
            if (owner.Key is { } key && await reads.ReadAsync(key.ToString(), cancellationToken) is null)
                return key.ToString();
        }

        return null;
    }

    /// <summary>The day of the organisation of whose work it is: of an owner, or else of the patient.</summary>
    public async Task<DateTimeOffset?> DueBeforeAsync(ShowWorklist show, CancellationToken cancellationToken)
    {
        if (show.DueBefore is not { } date)
            return null;
        string?[] whose = [.. show.Query.Owners.Select(o => o.Text), show.Query.Patient?.ToString()];
        var calendar = (await policies.OfAsync(cancellationToken, whose)).Calendar;
        return date.IsInstant ? calendar.StartOf(date) : calendar.EndOf(date).Plus(TimeSpan.FromSeconds(1));
    }
}
