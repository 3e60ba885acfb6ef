using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using OpenIddict.EntityFrameworkCore.Models;

namespace CareCoordination.SignIn.Tables;

/// <summary>
/// Users, clients, what they were granted, and keys: tables beside those of FHIR, in the same database, whose names begin with
/// <c>SignIn</c>.
/// </summary>
internal abstract class SignInDbContext(DbContextOptions options)
    : IdentityUserContext<CareUser>(options),
        IDataProtectionKeyContext
{
    /// <summary>Where EF Core keeps which migrations of these tables were applied.</summary>
    public const string History = "SignInMigrationsHistory";

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    public DbSet<StoredKey> Keys => Set<StoredKey>();

    public DbSet<UsedAssertion> Assertions => Set<UsedAssertion>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.UseOpenIddict();
        builder.Entity<CareUser>(user =>
        {
            user.ToTable("SignInUser");
            user.Property(u => u.Id).HasMaxLength(64);
            user.Property(u => u.Roles).HasMaxLength(500);
            user.Property(u => u.FhirUser).HasMaxLength(200);
            user.Property(u => u.Organization).HasMaxLength(64);
        });
        builder.Entity<IdentityUserClaim<string>>().ToTable("SignInUserClaim");
        builder.Entity<IdentityUserLogin<string>>().ToTable("SignInUserLogin");
        builder.Entity<IdentityUserToken<string>>().ToTable("SignInUserToken");
        builder.Entity<OpenIddictEntityFrameworkCoreApplication>().ToTable("SignInApplication");
        builder.Entity<OpenIddictEntityFrameworkCoreAuthorization>().ToTable("SignInAuthorization");
        builder.Entity<OpenIddictEntityFrameworkCoreScope>().ToTable("SignInScope");
        builder.Entity<OpenIddictEntityFrameworkCoreToken>().ToTable("SignInToken");
        builder.Entity<DataProtectionKey>().ToTable("SignInDataProtectionKey");
        builder.Entity<StoredKey>(key =>
        {
            key.ToTable("SignInKey");
            key.Property(k => k.Id).HasMaxLength(64);
            key.Property(k => k.Use).HasMaxLength(8);
            key.Property(k => k.Algorithm).HasMaxLength(16);
        });
        builder.Entity<UsedAssertion>(assertion =>
        {
            assertion.ToTable("SignInAssertion");
            assertion.Property(a => a.Id).HasMaxLength(64);
            assertion.HasIndex(a => a.Expires);
        });
    }
}

internal sealed class SqliteSignInDbContext(DbContextOptions<SqliteSignInDbContext> options) : SignInDbContext(options);

internal sealed class PostgreSqlSignInDbContext(DbContextOptions<PostgreSqlSignInDbContext> options)
    : SignInDbContext(options);

internal sealed class SqlServerSignInDbContext(DbContextOptions<SqlServerSignInDbContext> options)
    : SignInDbContext(options);
