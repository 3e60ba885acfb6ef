using System.Collections.Immutable;
using CareCoordination.SignIn.Clients;
using CareCoordination.SignIn.Grants;
using CareCoordination.SignIn.Patients;
using CareCoordination.SignIn.Tables;
using Microsoft.AspNetCore.Mvc;

namespace CareCoordination.SignIn.Pages;

/// <summary>What a client is granted: all that it asks for and is registered for, or less.</summary>
internal sealed class ConsentPage(ClientDirectory clients, PatientFinder finder, Decisions decisions)
    : CarePage(clients)
{
    public ImmutableArray<string> Scopes { get; private set; } = [];

    public string UserName { get; private set; } = "";

    public string? PatientName { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (await SignedInAsync() is not { User: var user } || Authorization is null || Client is null)
            return ToSignIn();
        Scopes = ScopeGrant.ForPerson(Authorization.Scope, Client.Scopes);
        UserName = user.UserName ?? "";
        if (Chosen(user) is { } patient)
            PatientName = (await finder.FindAsync(user, patient, Aborted))?.Name;
        return Page();
    }

    public async Task<IActionResult> OnPostAllowAsync(string[]? scope)
    {
        if (await SignedInAsync() is not { User: var user } || Authorization is null || Client is null)
            return ToSignIn();
        var granted = ScopeGrant
            .ForPerson(Authorization.Scope, Client.Scopes)
            .Intersect(scope ?? [])
            .ToImmutableArray();
        return GoOn(
            decisions.Protect(
                user.Id,
                Authorization.Digest,
                Chosen(user),
                granted,
                // Who allows nothing refuses.
                isRefused: granted.IsEmpty
            )
        );
    }

    public async Task<IActionResult> OnPostRefuseAsync()
    {
        if (await SignedInAsync() is not { User: var user } || Authorization is null)
            return ToSignIn();
        return GoOn(decisions.Protect(user.Id, Authorization.Digest, patient: null, [], isRefused: true));
    }

    private string? Chosen(CareUser user) =>
        decisions.Read(Authorization!.Decision, user.Id, Authorization.Digest)?.Patient;
}
