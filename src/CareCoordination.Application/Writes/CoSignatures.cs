using System.Collections.Immutable;
using CareCoordination.Access.Roles;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Application.Writes;

/// <summary>What an assistant writes, by whichever door, waits for somebody who may sign it.</summary>
public sealed class CoSignatures(ReadGate gate, CareReads reads, FhirDefinitions definitions)
{
    /// <summary>The decision that asks for it; null where nothing waits. 403 where an assistant may not write it at all.</summary>
    public async ValueTask<Result<Decision?>> AskAsync(
        IEnumerable<(ResourceKey Key, ResourceDocument Document)> written,
        DateTimeOffset now,
        Func<string> newId,
        CancellationToken cancellationToken
    )
    {
        var roles = gate.Caller.Roles;
        if (gate.Rights.IsUnlimited || !roles.Contains(CareRole.Assistant) || roles.Any(Signs))
            return (Decision?)null;
        var asked = ImmutableArray.CreateBuilder<ResourceWrite>();
        foreach (var (key, document) in written.Where(one => CoSignature.IsNeededFor(one.Key.Type)))
        {
            if (CoSignature.Refuses(key, document) is { } refusal)
                return refusal;
            if (await IsAskedAsync(key, cancellationToken))
                continue;
            var patients = definitions.Extractor.ExtractAll(key, document).Patients;
            asked.Add(CoSignature.Ask(key, patients.Count == 1 ? patients[0] : null, gate.Caller.Person, now, newId()));
        }

        return asked.Count == 0
            ? (Decision?)null
            : new Decision(asked[0].Key, asked.ToImmutable()) { Activity = CoSignature.Code };
    }

    private static bool Signs(CareRole role) =>
        role == CareRole.CareManager || role == CareRole.SeniorCareManager || role == CareRole.Lead;

    private async ValueTask<bool> IsAskedAsync(ResourceKey key, CancellationToken cancellationToken) =>
        (
            await reads.FirstAsync(
                ResourceTypes.Task,
                $"focus={key}&code={CoSignature.Code}&status={OpenWork.StatusSearch}",
                1,
                cancellationToken
            )
        ).Length > 0;
}
