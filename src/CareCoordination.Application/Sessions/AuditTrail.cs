using CareCoordination.Application.Diagnostics;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Application.Sessions;

/// <summary>
/// One line for each interaction, also for each entry of a transaction, and for each request that was refused before it was one: what was
/// asked of which resource by whom, and the answer's status. Never content.
/// </summary>
public sealed class AuditTrail(ILogger<AuditTrail> log)
{
    /// <param name="id">Of the resource that a create made or a condition found; null where the interaction says which, or there is none.</param>
    public void Add(Caller caller, FhirInteraction interaction, int status, string? id)
    {
        if (log.IsEnabled(LogLevel.Information))
            Log.Interaction(log, interaction.Code, Target(interaction, id), status, caller.ToString());
    }

    /// <summary>What was refused before anybody was asked, as for its address, its headers or a body that cannot be read.</summary>
    /// <param name="interaction">Null: nobody knows which was meant.</param>
    /// <param name="type">A type that there is; null: none, or nobody knows.</param>
    /// <param name="id">As the client sent it: it is named only where it is an id.</param>
    public void Refuse(Caller caller, string? interaction, string? type, string? id, int status)
    {
        if (!log.IsEnabled(LogLevel.Information))
            return;
        var target =
            string.IsNullOrEmpty(type) ? "-"
            : FhirId.IsValid(id) ? $"{type}/{id}"
            : type;
        Log.Interaction(log, interaction ?? "request", target, status, caller.ToString());
    }

    /// <summary><c>Patient/1</c>, <c>Patient</c> for a whole type, <c>-</c> for the system.</summary>
    private static string Target(FhirInteraction interaction, string? id) =>
        interaction.ResourceType is not { } type ? "-"
        : (interaction.Id ?? id) is { } known ? $"{type}/{known}"
        : type;
}
