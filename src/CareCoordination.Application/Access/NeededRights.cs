using CareCoordination.Access.Scopes;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Application.Access;

/// <summary>What an interaction takes of a caller, before anything is read.</summary>
/// <param name="Type">The type that the right is about; null: whatever it finds or brings is asked about itself.</param>
/// <param name="Operation">The id of the operation's definition; null for an interaction of R4.</param>
internal readonly record struct NeededRights(ScopeRights Right, string? Type, string? Operation = null)
{
    /// <summary>It tells what this server is, and nothing that is stored.</summary>
    public bool IsForEverybody { get; private init; }

    public static NeededRights Of(FhirInteraction interaction)
    {
        var type = interaction.ResourceType;
        return interaction.Code switch
        {
            "capabilities" => new(ScopeRights.None, null) { IsForEverybody = true },
            "read" or "vread" or "history-instance" => new(ScopeRights.Read, type),
            "search-type" or "history-type" => new(ScopeRights.Search, type),
            "search-system" or "history-system" or "batch" or "transaction" or "$validate" => new(
                ScopeRights.Search,
                null
            ),
            "create" => new(ScopeRights.Create, type),
            "update" or "patch" => new(ScopeRights.Update, type),
            "delete" => new(ScopeRights.Delete, type),
            "$everything" => new(ScopeRights.Read, type),
            _ => OfOperation(interaction),
        };
    }

    /// <summary>What the scopes have to let a command do beside; null: nothing.</summary>
    public (ScopeRights Right, string? Type)? Changes { get; private init; }

    /// <summary>
    /// What it is asked of has to be read. One that changes something takes a scope to change it as well: of what a definition is applied to
    /// a plan is made. A broken glass lets somebody read, and changes nothing of the patient.
    /// </summary>
    private static NeededRights OfOperation(FhirInteraction interaction)
    {
        var type = interaction.ResourceType;
        var id = type is null
            ? interaction.Code == "$process-message"
                ? interaction.Code
                : $"System-{interaction.Code.TrimStart('$')}"
            : $"{type}-{interaction.Code.TrimStart('$')}";
        return new(interaction.Id is null ? ScopeRights.Search : ScopeRights.Read, type, id)
        {
            Changes =
                // Files are given up by whoever may ask for them; of other work the handler asks.
                !interaction.IsCommand || interaction.Code is "$break-glass" or "$async-status"
                    ? null
                : interaction.Code == "$apply" ? (ScopeRights.Create, ResourceTypes.CarePlan)
                : interaction.Code == "$evaluate-measure" ? (ScopeRights.Update, ResourceTypes.MeasureReport)
                : (ScopeRights.Update, type),
        };
    }
}
