using CareCoordination.SignIn.Clients;
using CareCoordination.SignIn.Diagnostics;
using CareCoordination.SignIn.Sessions;
using CareCoordination.SignIn.Users;
using Microsoft.AspNetCore.Mvc;

namespace CareCoordination.SignIn.Pages;

/// <summary>Name and password.</summary>
internal sealed class SignInPage(ClientDirectory clients, SignInCheck check, SignInTrail trail, ILogger<SignInPage> log)
    : CarePage(clients)
{
    public string? SignedInAs { get; private set; }

    public async Task OnGetAsync()
    {
        // Whoever is signed in already comes for a client that wants it anew, or to sign out.
        if (Authorization is null && await SignedInAsync() is { } user)
            SignedInAs = user.User.UserName;
    }

    public async Task<IActionResult> OnPostAsync(string? name, string? password)
    {
        if (
            name is not { Length: > 0 and <= 256 }
            || password is not { Length: > 0 and <= 256 }
            || await check.PasswordAsync(name, password, Aborted) is not { } user
        )
        {
            Log.Refused(log);
            await trail.RefusedAsync(HttpContext);
            Problem =
                "The name or the password is wrong, or there were too many attempts. Try again, later if need be.";
            return Page();
        }

        await SignInCookies.ForgetAsync(HttpContext);
        if (user.AsksForCode)
        {
            await SignInCookies.WriteAsync(HttpContext, SignInCookies.HalfWay, user);
            return RedirectToPage("/SignIn/Code", new { request = Asked });
        }

        // Nobody is in whose row is not stored.
        await trail.SignedInAsync(HttpContext, user);
        await SignInCookies.WriteAsync(HttpContext, SignInCookies.SignedIn, user);
        Log.SignedIn(log, user.Id);
        return GoOn();
    }

    public async Task<IActionResult> OnPostOutAsync()
    {
        await SignInCookies.ForgetAsync(HttpContext);
        return RedirectToPage("/SignIn/Index", new { request = (string?)null });
    }
}
