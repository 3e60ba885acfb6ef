using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Connectors.Payloads;

/// <summary>
/// The business identifier that a resource of this server carries everywhere else: the address of its type here as the system, its id
/// as the value. By it a partner recognises a repeat.
/// </summary>
internal readonly record struct OwnIdentifier(string System, string Value)
{
    public static OwnIdentifier Of(Uri ownBase, ResourceKey key) => new(SystemOf(ownBase, key.Type), key.Id);

    public static string SystemOf(Uri ownBase, string type) => $"{Base(ownBase)}/{type}";

    /// <summary>The criteria of a conditional create: <c>identifier=https://fhir.example.org/fhir/Task|7</c>.</summary>
    public string Criteria => $"identifier={System}|{Value}";

    /// <summary>The same for a URL, where <c>|</c> has to be escaped.</summary>
    public string Query => $"identifier={Uri.EscapeDataString($"{System}|{Value}")}";

    /// <summary>True for types whose <c>identifier</c> repeats, so that ours can stand beside others.</summary>
    public static bool IsPossible(TypeDefinition type) => type.Element("identifier") is { IsArray: true };

    public static bool IsPossible(string type) =>
        R4Definitions.Schema.IsResourceType(type) && IsPossible(R4Definitions.Schema[type]);

    public static string Base(Uri ownBase) => ownBase.AbsoluteUri.TrimEnd('/');
}
