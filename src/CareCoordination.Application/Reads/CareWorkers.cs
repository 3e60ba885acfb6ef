using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Application.Reads;

/// <summary>
/// A person and their roles are one worker: tasks, episodes and teams name a Practitioner or one of the PractitionerRoles of that person,
/// as the system that wrote them does, and who asks for the one means the other as well.
/// </summary>
public sealed class CareWorkers(CareReads reads)
{
    /// <summary>
    /// All names of a worker, the one that was asked with first. What is neither a person nor a role, or is not here, has its own name
    /// only.
    /// </summary>
    public async Task<ImmutableArray<string>> NamesOfAsync(string reference, CancellationToken cancellationToken)
    {
        var type = reference.Split('/')[0];
        if (type is not (ResourceTypes.Practitioner or ResourceTypes.PractitionerRole))
            return [reference];
        var person =
            type == ResourceTypes.Practitioner ? reference
            : await reads.ReadAsync(reference, cancellationToken) is { } role
                ? PractitionerRoleView.From(ResourceDocument.Parse(role.Utf8Json).Value).Practitioner.Reference
            : null;
        if (person is null)
            return [reference];
        var roles = await reads.SearchAsync(
            ResourceTypes.PractitionerRole,
            $"practitioner={Uri.EscapeDataString(person)}",
            cancellationToken
        );
        return
        [
            .. roles.Select(r => r.Key.ToString()).Prepend(person).Prepend(reference).Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>All names of several workers.</summary>
    public async Task<ImmutableArray<string>> NamesOfAsync(
        IEnumerable<string> references,
        CancellationToken cancellationToken
    )
    {
        var names = new List<string>();
        foreach (var reference in references)
            names.AddRange(await NamesOfAsync(reference, cancellationToken));
        return [.. names.Distinct(StringComparer.Ordinal)];
    }
}
