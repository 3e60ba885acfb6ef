using System.Collections.Immutable;
using CareCoordination.Access.Roles;
using CareCoordination.SignIn.Clients;
using CareCoordination.SignIn.Grants;
using CareCoordination.SignIn.Patients;
using CareCoordination.SignIn.Tables;
using CareCoordination.SignIn.Users;
using Microsoft.AspNetCore.Mvc;

namespace CareCoordination.SignIn.Pages;

/// <summary>
/// Which patient an app is to work with. Staff search by what they know, in a form that is posted: it stands in no address.
/// https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html#requesting-context-with-scopes
/// </summary>
internal sealed class PatientPage(ClientDirectory clients, PatientFinder finder, Decisions decisions)
    : CarePage(clients)
{
    public ImmutableArray<FoundPatient> Found { get; private set; } = [];

    public bool MaySearch { get; private set; }

    public string Name { get; private set; } = "";

    public string BirthDate { get; private set; } = "";

    public string Identifier { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync()
    {
        if (await SignedInAsync() is not { User: var user } || Authorization is null)
            return ToSignIn();
        await ShowAsync(user);
        return Page();
    }

    public async Task<IActionResult> OnPostSearchAsync(string? name, string? birthdate, string? identifier)
    {
        if (await SignedInAsync() is not { User: var user } || Authorization is null)
            return ToSignIn();
        await ShowAsync(user);
        if (!MaySearch)
            return Page();
        (Name, BirthDate, Identifier) = (name ?? "", birthdate ?? "", identifier ?? "");
        Found = await finder.SearchAsync(user, Name, BirthDate, Identifier, Aborted);
        if (Found.IsEmpty)
            Problem = "Nobody was found that you may choose.";
        return Page();
    }

    public async Task<IActionResult> OnPostChooseAsync(string? patient)
    {
        if (await SignedInAsync() is not { User: var user } || Authorization is null)
            return ToSignIn();
        await ShowAsync(user);
        var isTheirs = MaySearch
            ? await finder.FindAsync(user, patient ?? "", Aborted) is not null
            : Found.Any(f => f.Id == patient);
        if (isTheirs)
            return GoOn(decisions.Protect(user.Id, Authorization.Digest, patient, scopes: null));
        Problem = "That is nobody whom you may choose.";
        return Page();
    }

    private async Task ShowAsync(CareUser user)
    {
        MaySearch = UserDirectory.RolesOf(user).Any(r => r.Kind == RoleKind.Staff);
        if (MaySearch)
            return;
        Found = await finder.OfFamilyAsync(user, Aborted);
        if (Found.IsEmpty)
            Problem = "There is no patient whom you may choose.";
    }
}
