namespace CareCoordination.Security.Settings;

/// <summary>
/// Where an issuer writes what this server asks for. A name with dots leads inside where no claim is called so as a whole:
/// <c>realm_access.roles</c>.
/// </summary>
public sealed record ClaimNames
{
    public string Roles { get; init; } = "roles";

    public string Organization { get; init; } = "organization";

    /// <summary>https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html#scopes-for-requesting-identity-data</summary>
    public string Person { get; init; } = "fhirUser";

    public string Patient { get; init; } = "patient";

    public string Purpose { get; init; } = "purpose_of_use";
}
