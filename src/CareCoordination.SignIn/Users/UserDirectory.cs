using CareCoordination.Access.Roles;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.SignIn.Tables;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;

namespace CareCoordination.SignIn.Users;

/// <summary>Who may sign in. Whatever takes something away from somebody ends their sessions and their tokens.</summary>
public sealed class UserDirectory
{
    private readonly UserManager<CareUser> _users;
    private readonly IOpenIddictTokenManager _tokens;
    private readonly TimeProvider _time;

    internal UserDirectory(UserManager<CareUser> users, IOpenIddictTokenManager tokens, TimeProvider time) =>
        (_users, _tokens, _time) = (users, tokens, time);

    /// <summary>All, by their names.</summary>
    public async Task<IReadOnlyList<UserRecord>> ListAsync(CancellationToken cancellationToken)
    {
        var users = await _users.Users.AsNoTracking().ToListAsync(cancellationToken);
        return [.. users.Select(Read).OrderBy(u => u.Name, StringComparer.Ordinal)];
    }

    /// <summary>Null where there is nobody of that name.</summary>
    public async Task<UserRecord?> FindAsync(string name) =>
        await _users.FindByNameAsync(name) is { } user ? Read(user) : null;

    public async Task<Failure?> AddAsync(UserRecord user, string password)
    {
        if (UserRules.Check(user) is { } refused)
            return refused;
        var made = new CareUser
        {
            UserName = user.Name,
            Roles = Codes(user.Roles),
            FhirUser = user.FhirUser,
            Organization = user.Organization,
            LockoutEnabled = true,
        };
        return Refused(await _users.CreateAsync(made, password));
    }

    public Task<Failure?> SetPasswordAsync(string name, string password) =>
        ChangeAsync(
            name,
            async user =>
            {
                foreach (var validator in _users.PasswordValidators)
                {
                    if (Refused(await validator.ValidateAsync(_users, user, password)) is { } refused)
                        return refused;
                }

                user.PasswordHash = _users.PasswordHasher.HashPassword(user, password);
                return null;
            }
        );

    public Task<Failure?> SetRolesAsync(string name, IEnumerable<CareRole> roles) =>
        ChangeAsync(
            name,
            user =>
            {
                user.Roles = Codes(roles);
                return Task.FromResult(UserRules.Check(Read(user)));
            }
        );

    public Task<Failure?> DisableAsync(string name, bool isDisabled) =>
        ChangeAsync(
            name,
            user =>
            {
                user.IsDisabled = isDisabled;
                return Task.FromResult<Failure?>(null);
            }
        );

    /// <summary>Whoever has lost the app that makes their codes sets one up anew.</summary>
    public Task<Failure?> ResetCodesAsync(string name) =>
        ChangeAsync(
            name,
            user =>
            {
                (user.CodeSecret, user.AsksForCode, user.LastCodeStep) = (null, false, 0);
                return Task.FromResult<Failure?>(null);
            }
        );

    public async Task<Failure?> UnlockAsync(string name)
    {
        if (await _users.FindByNameAsync(name) is not { } user)
            return NotFound(name);
        (user.LockoutEnd, user.AccessFailedCount) = (null, 0);
        return Refused(await _users.UpdateAsync(user));
    }

    private async Task<Failure?> ChangeAsync(string name, Func<CareUser, Task<Failure?>> change)
    {
        if (await _users.FindByNameAsync(name) is not { } user)
            return NotFound(name);
        if (await change(user) is { } refused)
            return refused;
        // Stores the user as well; sessions with another stamp end.
        if (Refused(await _users.UpdateSecurityStampAsync(user)) is { } failed)
            return failed;
        await _tokens.RevokeBySubjectAsync(user.Id);
        return null;
    }

    /// <summary>What an administrator is told who names nobody: the name is not repeated, it could be a person's.</summary>
    public static Failure NoUser => Failure.NotFound("There is no such user.");

    private UserRecord Read(CareUser user) =>
        new(user.Id, user.UserName ?? "")
        {
            Roles = [.. RolesOf(user)],
            FhirUser = user.FhirUser,
            Organization = user.Organization,
            IsDisabled = user.IsDisabled,
            LockedUntil = user.LockoutEnd > _time.GetUtcNow() ? user.LockoutEnd : null,
            AsksForCode = user.AsksForCode,
        };

    internal static IEnumerable<CareRole> RolesOf(CareUser user) =>
        user.Roles.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(CareRole.Find).OfType<CareRole>();

    private static string Codes(IEnumerable<CareRole> roles) => string.Join(' ', roles.Select(r => r.Code));

    private static Failure NotFound(string name) => Failure.NotFound($"There is no user '{name}'.");

    private static Failure? Refused(IdentityResult result) =>
        result.Succeeded
            ? null
            : Failure.Unprocessable(IssueCode.Invalid, string.Join(' ', result.Errors.Select(e => e.Description)));
}
