using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Rest.Http;
using CareCoordination.SignIn.Tables;

namespace CareCoordination.SignIn.Users;

/// <summary>
/// Who signed in, for the audit trail. Whoever failed is not named: what is typed as a name may be a password.
/// </summary>
internal sealed class SignInTrail(AuditTrail trail)
{
    public ValueTask SignedInAsync(HttpContext context, CareUser user) =>
        trail.NoteAsync(
            Caller.User(user.Id) with
            {
                Roles = [.. UserDirectory.RolesOf(user)],
                Person = UserRules.Person(user.FhirUser),
                Organization = user.Organization,
                Origin = RequestOrigins.Of(context),
            },
            "sign-in",
            null,
            StatusCodes.Status200OK
        );

    public ValueTask RefusedAsync(HttpContext context) =>
        trail.NoteAsync(
            Caller.Nobody with
            {
                Origin = RequestOrigins.Of(context),
            },
            "sign-in",
            null,
            StatusCodes.Status401Unauthorized
        );
}
