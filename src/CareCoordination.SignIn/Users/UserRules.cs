using CareCoordination.Access.Roles;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;

namespace CareCoordination.SignIn.Users;

/// <summary>What somebody has to be to be registered.</summary>
public static class UserRules
{
    private static readonly string[] Persons =
    [
        ResourceTypes.Practitioner,
        ResourceTypes.PractitionerRole,
        ResourceTypes.Patient,
        ResourceTypes.RelatedPerson,
        ResourceTypes.Person,
    ];

    /// <summary>Roles by their codes.</summary>
    public static Result<List<CareRole>> Roles(IEnumerable<string> codes)
    {
        var roles = new List<CareRole>();
        foreach (var code in codes.Distinct(StringComparer.Ordinal))
        {
            if (CareRole.Find(code) is not { } role)
                return Failure.Unprocessable(
                    IssueCode.CodeInvalid,
                    $"'{code}' is no role: they are {string.Join(", ", CareRole.All.Select(r => r.Code))}."
                );
            roles.Add(role);
        }

        return roles;
    }

    /// <summary>What is wrong with somebody, as a sentence; null: nothing.</summary>
    internal static Failure? Check(UserRecord user) =>
        Problem(user) is { } problem ? Failure.Unprocessable(IssueCode.Invalid, problem) : null;

    /// <summary>Null where it is no reference to a person.</summary>
    public static ResourceKey? Person(string? reference) =>
        reference?.Split('/') is [var type, var id] && Persons.Contains(type) && FhirId.IsValid(id)
            ? new ResourceKey(type, id)
            : null;

    private static string? Problem(UserRecord user)
    {
        if (user.Roles.IsEmpty)
            return $"A user needs a role: one of {string.Join(", ", CareRole.All.Select(r => r.Code))}.";
        if (user.FhirUser is not null && Person(user.FhirUser) is null)
            return $"'{user.FhirUser}' is nobody who can sign in: it has to be such as Practitioner/1, of the types {string.Join(", ", Persons)}.";
        if (user.Organization is { } organization && !FhirId.IsValid(organization))
            return $"'{organization}' is no id of an Organization.";
        return user.FhirUser is null && user.Roles.Any(r => r.Kind is RoleKind.Staff or RoleKind.Person)
            ? "Whoever works with patients, or is one, needs to be known to FHIR: name the resource, such as Practitioner/1."
            : null;
    }
}
