using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.SignIn.Administration;
using CareCoordination.SignIn.Clients;
using CareCoordination.SignIn.Grants;
using CareCoordination.SignIn.Patients;
using CareCoordination.SignIn.Users;

namespace CareCoordination.SignIn.Protocol;

/// <summary>
/// Where an EHR tells what it has open and gets the <c>launch</c> with which it starts an app. It can name only what it may see itself.
/// </summary>
internal sealed class LaunchEndpoint(
    AdministrationDesk desk,
    ClientDirectory clients,
    PatientFinder finder,
    Launches launches
)
{
    public async Task HandleAsync(HttpContext context)
    {
        var read = await AdministrationDesk.ReadAsync<LaunchRequest>(context);
        var made = read.TryGet(out var asked, out var failure)
            ? await MakeAsync(desk.CallerOf(context), asked, context.RequestAborted)
            : failure;
        await desk.TellAsync(context, "launch-add", read.IsSuccess ? Subject(read.Value) : null, made);
    }

    private async Task<Result<object?>> MakeAsync(Caller ehr, LaunchRequest asked, CancellationToken cancellationToken)
    {
        if (
            asked.ClientId is not { Length: > 0 } id
            || await clients.FindAsync(id, cancellationToken) is not { IsDisabled: false } client
        )
            return Wrong("client_id has to be that of an app which is registered here.");
        if (client.RedirectUris.IsEmpty || !ScopeGrant.MayLaunch(client.Scopes))
            return Wrong("The app cannot be launched: register it with a redirect address and the scope launch.");
        if (asked.FhirUser is { } person && UserRules.Person(person) is null)
            return Wrong("fhir_user has to be a person who signs in, such as Practitioner/1.");
        if (asked.Patient is not { } patient || !FhirId.IsValid(patient))
            return Wrong("patient has to be the id of a Patient.");
        if (asked.Encounter is { } open && !FhirId.IsValid(open))
            return Wrong("encounter has to be the id of an Encounter.");
        // What the EHR does not see is told like what is not there.
        if (!await finder.SeesAsync(ehr, patient, asked.Encounter, cancellationToken))
            return Wrong("There is no such patient, or no such encounter of the patient, that this client may see.");
        return new LaunchAnswer(
            launches.Make(client.Id, patient, asked.Encounter, asked.FhirUser),
            (int)Launches.Life.TotalSeconds
        );
    }

    /// <summary>Ids alone, as they may stand in the trail.</summary>
    private static string? Subject(LaunchRequest asked) =>
        FhirId.IsValid(asked.Patient) ? $"{ClientRules.Loggable(asked.ClientId ?? "")} Patient/{asked.Patient}" : null;

    private static Failure Wrong(string sentence) => Failure.Unprocessable(IssueCode.BusinessRule, sentence);
}

/// <summary>What an EHR has open.</summary>
internal sealed record LaunchRequest
{
    /// <summary>The app that is started.</summary>
    public string? ClientId { get; init; }

    public string? Patient { get; init; }

    public string? Encounter { get; init; }

    /// <summary>Who has it open, as <c>Practitioner/1</c>: the launch is for them alone.</summary>
    public string? FhirUser { get; init; }
}

/// <param name="Launch">For the address of the app, beside <c>iss</c>.</param>
/// <param name="ExpiresIn">In seconds.</param>
internal sealed record LaunchAnswer(string Launch, int ExpiresIn);
