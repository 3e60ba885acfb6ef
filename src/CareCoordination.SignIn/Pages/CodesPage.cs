using CareCoordination.SignIn.Clients;
using CareCoordination.SignIn.Sessions;
using CareCoordination.SignIn.Tables;
using CareCoordination.SignIn.Users;
using Microsoft.AspNetCore.Mvc;

namespace CareCoordination.SignIn.Pages;

/// <summary>Sets up one-time codes: they are asked for once one was given.</summary>
internal sealed class CodesPage(ClientDirectory clients, SignInCheck check) : CarePage(clients)
{
    /// <summary>To be put into an app; null where one has it already.</summary>
    public string? Secret { get; private set; }

    public string? Address { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (await SignedInAsync() is not { User: var user })
            return ToSignIn();
        await ShowAsync(user);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string? code)
    {
        if (await SignedInAsync() is not { User: var user })
            return ToSignIn();
        if (user.AsksForCode)
            return GoOn();
        if (!await check.CodeAsync(user, code ?? "", Aborted))
        {
            Problem = "That is not the code of now. Look at the clock of the device, and try the next one.";
            await ShowAsync(user);
            return Page();
        }

        await check.AskForCodesAsync(user.Id, Aborted);
        return GoOn();
    }

    private async Task ShowAsync(CareUser user)
    {
        if (user.AsksForCode)
            return;
        var secret = await check.NewSecretAsync(user.Id, Aborted);
        Secret = TimeBasedCode.Spell(secret);
        Address = TimeBasedCode.Address(secret, user.UserName ?? "");
    }
}
