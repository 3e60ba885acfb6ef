using CareCoordination.SignIn.Settings;
using CareCoordination.SignIn.Tables;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace CareCoordination.SignIn.Users;

/// <summary>
/// Whether somebody is who they say. An attempt is counted before it is looked at, so that many at once are no more than were allowed one
/// after the other, and one for a name that there is not takes as long as any other and is answered alike.
/// </summary>
internal sealed class SignInCheck(
    SignInDbContext context,
    ILookupNormalizer normalizer,
    IPasswordHasher<CareUser> hasher,
    IDataProtectionProvider protection,
    EmbeddedOptions options,
    TimeProvider time
)
{
    private static readonly CareUser Nobody = new();
    private static string? _hashOfNobody;

    private readonly IDataProtector _secrets = protection.CreateProtector("CareCoordination.SignIn.Codes");

    /// <summary>The user, or null: the name, the password or the moment is wrong, and nobody is told which.</summary>
    public async Task<CareUser?> PasswordAsync(string name, string password, CancellationToken cancellationToken)
    {
        var normalized = normalizer.NormalizeName(name);
        var user = await context
            .Users.AsNoTracking()
            .FirstOrDefaultAsync(u => u.NormalizedUserName == normalized, cancellationToken);
        var isOpen = await CountAsync(user?.Id ?? "", cancellationToken);
        var hash = user?.PasswordHash ?? (_hashOfNobody ??= hasher.HashPassword(Nobody, "nobody"));
        var verified = hasher.VerifyHashedPassword(user ?? Nobody, hash, password);
        if (user is null || !isOpen || user.IsDisabled || verified == PasswordVerificationResult.Failed)
            return null;
        // Somebody who is asked for a code has shown half of it: failures with codes count on.
        if (!user.AsksForCode)
            await ForgetFailuresAsync(user.Id, cancellationToken);
        return user;
    }

    /// <summary>True where it is a code of theirs that was not taken before.</summary>
    public async Task<bool> CodeAsync(CareUser user, string code, CancellationToken cancellationToken)
    {
        if (!await CountAsync(user.Id, cancellationToken) || user.CodeSecret is not { } secret)
            return false;
        var step = TimeBasedCode.Match(Reveal(secret), code, time.GetUtcNow(), user.LastCodeStep);
        if (step is not { } matched)
            return false;
        // Of two that come with the same code at once, one is let in.
        var taken = await context
            .Users.Where(u => u.Id == user.Id && u.LastCodeStep < matched)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.LastCodeStep, matched), cancellationToken);
        if (taken == 0)
            return false;
        await ForgetFailuresAsync(user.Id, cancellationToken);
        return true;
    }

    /// <summary>The secret that somebody is to put into their app: made once, until a code shows that it was.</summary>
    public async Task<byte[]> NewSecretAsync(string userId, CancellationToken cancellationToken)
    {
        var stored = await context
            .Users.Where(u => u.Id == userId)
            .Select(u => u.CodeSecret)
            .FirstAsync(cancellationToken);
        if (stored is not null)
            return Reveal(stored);
        var secret = TimeBasedCode.NewSecret();
        var kept = _secrets.Protect(Convert.ToBase64String(secret));
        await context
            .Users.Where(u => u.Id == userId && u.CodeSecret == null)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.CodeSecret, kept), cancellationToken);
        return Reveal(
            (await context.Users.Where(u => u.Id == userId).Select(u => u.CodeSecret).FirstAsync(cancellationToken))!
        );
    }

    /// <summary>From then on they are asked for codes.</summary>
    public Task<int> AskForCodesAsync(string userId, CancellationToken cancellationToken) =>
        context
            .Users.Where(u => u.Id == userId)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.AsksForCode, true), cancellationToken);

    private byte[] Reveal(string secret) => Convert.FromBase64String(_secrets.Unprotect(secret));

    private Task<int> ForgetFailuresAsync(string userId, CancellationToken cancellationToken) =>
        context
            .Users.Where(u => u.Id == userId)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(u => u.AccessFailedCount, 0).SetProperty(u => u.LockoutEnd, (DateTimeOffset?)null),
                cancellationToken
            );

    /// <summary>
    /// Counts one attempt; false where there were too many. The one that is too many locks out, and after the time of it one more is
    /// counted from the beginning.
    /// </summary>
    private async Task<bool> CountAsync(string userId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await context
            .Users.Where(u => u.Id == userId)
            .ExecuteUpdateAsync(
                set => set.SetProperty(u => u.AccessFailedCount, u => u.AccessFailedCount + 1),
                cancellationToken
            );
        var found = await context
            .Users.Where(u => u.Id == userId)
            .Select(u => new { u.AccessFailedCount, u.LockoutEnd })
            .FirstOrDefaultAsync(cancellationToken);
        if (found is null)
            return false;
        if (found.LockoutEnd > now)
            return false;
        if (found.LockoutEnd is not null)
        {
            // The time is over. Of several at once, one begins anew and the others are counted after it.
            var begun = await context
                .Users.Where(u => u.Id == userId && u.LockoutEnd != null)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(u => u.AccessFailedCount, 1)
                            .SetProperty(u => u.LockoutEnd, (DateTimeOffset?)null),
                    cancellationToken
                );
            return begun > 0 || await CountAsync(userId, cancellationToken);
        }

        if (found.AccessFailedCount >= options.MaxFailedSignIns)
        {
            var until = (DateTimeOffset?)(now + options.Lockout);
            await context
                .Users.Where(u => u.Id == userId)
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.LockoutEnd, until), cancellationToken);
        }

        return found.AccessFailedCount <= options.MaxFailedSignIns;
    }
}
