using System.Collections.Immutable;
using System.Security.Cryptography;
using CareCoordination.Application.Settings;
using CareCoordination.SignIn.Settings;
using CareCoordination.SignIn.Tables;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;

namespace CareCoordination.SignIn.Keys;

/// <summary>
/// The keys by which tokens are signed and encrypted: made at the first start, kept in the database, and replaced on schedule. A new one is
/// shown long before it is used, and an old one known until the last token is gone that it made, so that no client and no node meets a key
/// that it cannot know.
/// </summary>
internal sealed class TokenKeys(
    IServiceScopeFactory scopes,
    IDataProtectionProvider protection,
    EmbeddedOptions options,
    TimeProvider time
)
{
    private const string Signing = "sig";
    private const string Encryption = "enc";
    private const long LookPauseSeconds = 10;

    private readonly IDataProtector _protector = protection.CreateProtector("CareCoordination.SignIn.Keys");
    private ImmutableArray<TokenKey> _keys = [];
    private ImmutableArray<SecurityKey> _public = [];
    private string _told = "";
    private long _looked;
    private CancellationTokenSource _change = new();

    /// <summary>The key that is used now first. Empty before <see cref="LoadAsync"/>.</summary>
    public ImmutableArray<TokenKey> SigningKeys => Ordered(isSigning: true);

    public ImmutableArray<TokenKey> EncryptionKeys => Ordered(isSigning: false);

    /// <summary>The public parts of all keys that sign: for whoever examines tokens.</summary>
    public ImmutableArray<SecurityKey> PublicKeys => _public;

    /// <summary>
    /// The public keys, read again where another node may have made the one that is asked for, but not more often than now and then: anybody
    /// may ask for keys that there are not.
    /// </summary>
    public async ValueTask<ImmutableArray<SecurityKey>> FindAsync(string? keyId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var looked = Volatile.Read(ref _looked);
        if (
            _public.All(k => k.KeyId != keyId)
            && now - looked >= LookPauseSeconds
            && Interlocked.CompareExchange(ref _looked, now, looked) == looked
        )
            await LoadAsync(cancellationToken);
        return _public;
    }

    /// <summary>Signals that other keys are known or used than before.</summary>
    public IChangeToken Changes => new CancellationChangeToken(Volatile.Read(ref _change).Token);

    /// <summary>
    /// Makes keys that are due and reads them all. Throws <see cref="ConfigurationProblem"/> where those of the database cannot be read.
    /// </summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<SignInDbContext>();
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        if (options.SigningKeyFiles.IsEmpty)
            await MakeAsync(context, Signing, options.SigningAlgorithm, now, cancellationToken);
        await MakeAsync(context, Encryption, SecurityAlgorithms.Aes256KW, now, cancellationToken);
        var stored = await context.Keys.AsNoTracking().Where(k => k.Until > now).ToListAsync(cancellationToken);
        Use([
            .. options.SigningKeyFiles.Select(TokenKey.OfFile),
            .. stored.Where(k => options.SigningKeyFiles.IsEmpty || k.Use == Encryption).Select(Read),
        ]);
    }

    /// <summary>Removes what nobody needs any more.</summary>
    public static Task<int> RemoveOldAsync(SignInDbContext context, long now, CancellationToken cancellationToken) =>
        context.Keys.Where(k => k.Until <= now).ExecuteDeleteAsync(cancellationToken);

    private async Task MakeAsync(
        SignInDbContext context,
        string use,
        string algorithm,
        long now,
        CancellationToken cancellationToken
    )
    {
        var newest = await context
            .Keys.AsNoTracking()
            .Where(k => k.Use == use)
            .OrderByDescending(k => k.UsedFrom)
            .FirstOrDefaultAsync(cancellationToken);
        var rotation = (long)options.KeyRotation.TotalSeconds;
        var shown = Math.Clamp(rotation / 10, 3600, 7 * 86400);
        if (newest is not null && newest.Algorithm == algorithm && now < newest.UsedFrom + rotation - shown)
            return;
        var number = newest is null ? 1 : int.Parse(newest.Id[(use.Length + 1)..], null) + 1;
        var usedFrom = newest is null ? now : Math.Max(now + shown, newest.UsedFrom + 1);
        context.Keys.Add(
            new StoredKey
            {
                Id = $"{use}-{number}",
                Use = use,
                Algorithm = algorithm,
                Protected = _protector.Protect(TokenKey.Make(algorithm)),
                Made = now,
                UsedFrom = usedFrom,
                Until = usedFrom + rotation + shown + (long)options.RefreshTokenLife.TotalSeconds + 86400,
            }
        );
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Another node has made it. Where it was something else, what is read next fails as well.
        }

        context.ChangeTracker.Clear();
    }

    private TokenKey Read(StoredKey stored)
    {
        try
        {
            return TokenKey.Read(_protector.Unprotect(stored.Protected), stored.Algorithm, stored.UsedFrom);
        }
        catch (CryptographicException)
        {
            throw new ConfigurationProblem(
                "The keys that sign tokens cannot be read from the database: start the server with the Security:Embedded:ProtectionCertificateFile that they were made with, or empty the table SignInKey, which ends all sessions."
            );
        }
    }

    private void Use(ImmutableArray<TokenKey> keys)
    {
        _keys = keys;
        // In their order: that a key begins to sign is a change too.
        var told = string.Join(' ', SigningKeys.Concat(EncryptionKeys).Select(k => k.Key.KeyId));
        if (told == _told)
            return;
        _told = told;
        _public = [.. SigningKeys.Select(k => Public(k.Key))];
        using var old = Interlocked.Exchange(ref _change, new CancellationTokenSource());
        old.Cancel();
    }

    private ImmutableArray<TokenKey> Ordered(bool isSigning)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        // Those of files stay in the order in which they are named.
        return
        [
            .. _keys
                .Where(k => k.IsSigning == isSigning)
                .OrderBy(k => k.UsedFrom > now)
                .ThenByDescending(k => k.UsedFrom),
        ];
    }

    private static SecurityKey Public(SecurityKey key) =>
        key switch
        {
            RsaSecurityKey rsa => new RsaSecurityKey(rsa.Rsa.ExportParameters(false)) { KeyId = key.KeyId },
            ECDsaSecurityKey ec => new ECDsaSecurityKey(ECDsa.Create(ec.ECDsa.ExportParameters(false)))
            {
                KeyId = key.KeyId,
            },
            _ => key,
        };
}
