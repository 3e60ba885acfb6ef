using CareCoordination.Fhir.Outcomes;
using CareCoordination.SignIn.Users;

namespace CareCoordination.SignIn.Administration;

/// <summary>Somebody who may sign in, as an administrator sends and is shown them.</summary>
internal sealed record UserRegistration
{
    public string? Name { get; init; }

    public string[]? Roles { get; init; }

    public string? FhirUser { get; init; }

    public string? Organization { get; init; }

    /// <summary>Taken, and never shown.</summary>
    public string? Password { get; init; }

    public bool? IsDisabled { get; init; }

    public bool? AsksForCode { get; init; }

    public DateTimeOffset? LockedUntil { get; init; }

    public static UserRegistration Of(UserRecord user) =>
        new()
        {
            Name = user.Name,
            Roles = [.. user.Roles.Select(role => role.Code)],
            FhirUser = user.FhirUser,
            Organization = user.Organization,
            IsDisabled = user.IsDisabled,
            AsksForCode = user.AsksForCode,
            LockedUntil = user.LockedUntil,
        };

    public Result<UserRecord> ToRecord()
    {
        if (IsDisabled is not null || AsksForCode is not null || LockedUntil is not null)
            return Failure.Unprocessable(
                IssueCode.BusinessRule,
                "Whether a user is disabled, is asked for codes or is locked out is no part of registering them."
            );
        return UserRules.Roles(Roles ?? []).TryGet(out var roles, out var unknown)
            ? new UserRecord("", Name ?? "")
            {
                Roles = [.. roles],
                FhirUser = FhirUser,
                Organization = Organization,
            }
            : unknown;
    }
}

/// <summary>The body of the change of one thing of a user.</summary>
internal sealed record UserChange
{
    public string? Password { get; init; }

    public string[]? Roles { get; init; }
}
