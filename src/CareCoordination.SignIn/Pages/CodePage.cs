using CareCoordination.SignIn.Clients;
using CareCoordination.SignIn.Diagnostics;
using CareCoordination.SignIn.Sessions;
using CareCoordination.SignIn.Users;
using Microsoft.AspNetCore.Mvc;

namespace CareCoordination.SignIn.Pages;

/// <summary>The one-time code, after the password.</summary>
internal sealed class CodePage(ClientDirectory clients, SignInCheck check, SignInTrail trail, ILogger<CodePage> log)
    : CarePage(clients)
{
    public async Task<IActionResult> OnGetAsync() => await HalfWayAsync() is null ? ToSignIn() : Page();

    public async Task<IActionResult> OnPostAsync(string? code)
    {
        if (await HalfWayAsync() is not { User: var user })
            return ToSignIn();
        if (!await check.CodeAsync(user, code ?? "", Aborted))
        {
            Log.Refused(log);
            await trail.RefusedAsync(HttpContext);
            Problem =
                "The code is wrong or was used, or there were too many attempts. Try the next one, later if need be.";
            return Page();
        }

        await SignInCookies.ForgetAsync(HttpContext);
        // Nobody is in whose row is not stored.
        await trail.SignedInAsync(HttpContext, user);
        await SignInCookies.WriteAsync(HttpContext, SignInCookies.SignedIn, user);
        Log.SignedIn(log, user.Id);
        return GoOn();
    }

    private Task<SignedInUser?> HalfWayAsync() => SignInCookies.ReadAsync(HttpContext, SignInCookies.HalfWay);
}
