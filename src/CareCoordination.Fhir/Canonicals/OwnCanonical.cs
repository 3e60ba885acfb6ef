namespace CareCoordination.Fhir.Canonicals;

/// <summary>
/// The base of everything that this server defines itself, as it is stored and as the code knows it. Clients may know another one:
/// <see cref="CanonicalSpelling"/>. No organisation owns a name below <c>.example</c> (RFC 2606), so that nothing else means these.
/// </summary>
public static class OwnCanonical
{
    public const string Base = "https://carecoordination.example/fhir";

    public const string StructureDefinitions = Base + "/StructureDefinition/";
    public const string CodeSystems = Base + "/CodeSystem/";
    public const string ValueSets = Base + "/ValueSet/";
    public const string SearchParameters = Base + "/SearchParameter/";

    public static bool IsOwn(string? url) => url?.StartsWith(Base + "/", StringComparison.Ordinal) is true;

    /// <summary>The id of the definition with this canonical: what stands after the last slash.</summary>
    public static string IdOf(string url) => url[(url.LastIndexOf('/') + 1)..];
}
