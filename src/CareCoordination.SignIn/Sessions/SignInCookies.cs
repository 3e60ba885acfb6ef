using System.Globalization;
using System.Security.Claims;
using CareCoordination.SignIn.Settings;
using CareCoordination.SignIn.Tables;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.EntityFrameworkCore;

namespace CareCoordination.SignIn.Sessions;

/// <summary>
/// Who is signed in in a browser. Two cookies: one of whoever is signed in, and one, for a few minutes, of whoever has given a password
/// and is asked for a code.
/// </summary>
internal static class SignInCookies
{
    public const string SignedIn = "care-signin";
    public const string HalfWay = "care-signin-half";

    private const string Stamp = "stamp";
    private const string Time = "auth_time";

    private static readonly TimeSpan HalfWayLife = TimeSpan.FromMinutes(5);

    /// <param name="isHttps">Browsers find this server by https: the cookies are of this host alone and are never sent without.</param>
    public static void Add(AuthenticationBuilder builder, EmbeddedOptions options, bool isHttps)
    {
        builder.AddCookie(SignedIn, cookie => Configure(cookie, SignedIn, options.SignInLife, isHttps));
        builder.AddCookie(HalfWay, cookie => Configure(cookie, HalfWay, HalfWayLife, isHttps));
    }

    /// <summary>The user of one of the cookies; null where there is none.</summary>
    public static async Task<SignedInUser?> ReadAsync(HttpContext context, string scheme)
    {
        var result = await context.AuthenticateAsync(scheme);
        if (result.Principal?.FindFirst(ClaimTypes.NameIdentifier)?.Value is not { } id)
            return null;
        var user = await context
            .RequestServices.GetRequiredService<SignInDbContext>()
            .Users.AsNoTracking()
            .FirstOrDefaultAsync(u => u.Id == id, context.RequestAborted);
        var time = long.Parse(result.Principal.FindFirst(Time)!.Value, CultureInfo.InvariantCulture);
        return user is null ? null : new SignedInUser(user, DateTimeOffset.FromUnixTimeSeconds(time));
    }

    /// <summary>From now on the browser is signed in, or half way.</summary>
    public static Task WriteAsync(HttpContext context, string scheme, CareUser user)
    {
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var identity = new ClaimsIdentity(scheme);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, user.Id));
        identity.AddClaim(new Claim(Stamp, user.SecurityStamp ?? ""));
        identity.AddClaim(new Claim(Time, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
        return context.SignInAsync(scheme, new ClaimsPrincipal(identity));
    }

    public static async Task ForgetAsync(HttpContext context)
    {
        await context.SignOutAsync(SignedIn);
        await context.SignOutAsync(HalfWay);
    }

    private static void Configure(CookieAuthenticationOptions options, string name, TimeSpan life, bool isHttps)
    {
        // https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
        options.Cookie.Name = isHttps ? "__Host-" + name : name;
        options.Cookie.SecurePolicy = isHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        options.Cookie.HttpOnly = true;
        options.Cookie.Path = "/";
        // Lax: a client sends the browser here by a link.
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.ExpireTimeSpan = life;
        options.SlidingExpiration = false;
        options.Events.OnValidatePrincipal = ValidateAsync;
    }

    /// <summary>Each time: whoever was disabled, or whose password was changed, is out at once.</summary>
    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var id = context.Principal?.FindFirst(ClaimTypes.NameIdentifier)?.Value;
        var stamp = context.Principal?.FindFirst(Stamp)?.Value;
        var isValid = await context
            .HttpContext.RequestServices.GetRequiredService<SignInDbContext>()
            .Users.AnyAsync(
                u => u.Id == id && u.SecurityStamp == stamp && !u.IsDisabled,
                context.HttpContext.RequestAborted
            );
        if (!isValid)
            context.RejectPrincipal();
    }
}

/// <param name="Since">When they gave their password.</param>
internal sealed record SignedInUser(CareUser User, DateTimeOffset Since);
