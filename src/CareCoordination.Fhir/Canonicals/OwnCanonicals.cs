namespace CareCoordination.Fhir.Canonicals;

/// <summary>
/// The base under which everybody outside knows what this server defines, where a deployment has one of its own. Inside, and in the
/// database, <see cref="OwnCanonical.Base"/> stays what it is, so that another base can be chosen at any time. docs/definitions.md
/// </summary>
public sealed class OwnCanonicals
{
    private OwnCanonicals(CanonicalSpelling? inside, CanonicalSpelling? outside) =>
        (Inside, Outside) = (inside, outside);

    /// <summary>What comes in, as it is known here; null where there is nothing to respell.</summary>
    public CanonicalSpelling? Inside { get; }

    /// <summary>What goes out, as others know it; null where there is nothing to respell.</summary>
    public CanonicalSpelling? Outside { get; }

    /// <summary>Of a server that has no base of its own.</summary>
    public static OwnCanonicals AsKnownHere { get; } = new(null, null);

    /// <param name="chosen">The base of the deployment.</param>
    /// <param name="own">All canonicals of this server after their base, as <c>CodeSystem/care-role</c>.</param>
    public static OwnCanonicals Of(string chosen, IReadOnlyCollection<string> own) =>
        chosen == OwnCanonical.Base
            ? AsKnownHere
            : new(
                new CanonicalSpelling(chosen, OwnCanonical.Base, own),
                new CanonicalSpelling(OwnCanonical.Base, chosen, own)
            );
}
