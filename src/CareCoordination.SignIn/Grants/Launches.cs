using System.Security.Cryptography;
using System.Text.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.SignIn.Stores;
using Microsoft.AspNetCore.DataProtection;

namespace CareCoordination.SignIn.Grants;

/// <summary>What an EHR has open when it starts an app. https://hl7.org/fhir/smart-app-launch/app-launch.html#launch-app-ehr-launch</summary>
/// <param name="Id">By which it is known that it was used.</param>
/// <param name="Client">The app that it is for.</param>
/// <param name="Patient">The id of the patient.</param>
/// <param name="Encounter">The id of the encounter; null where none is open.</param>
/// <param name="Person">Who has them open, as <c>Practitioner/1</c>; null: whoever may see the patient.</param>
/// <param name="Until">In seconds since 1970.</param>
internal sealed record Launch(string Id, string Client, string Patient, string? Encounter, string? Person, long Until);

/// <summary>
/// Launches on their way from an EHR through the app back to here: protected, for five minutes, for one app and one use. Nothing of the
/// patient can be read from one.
/// </summary>
internal sealed class Launches(IDataProtectionProvider protection, SpentOnce spent, TimeProvider time)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private const int MaxLength = 4 * 1024;

    private readonly IDataProtector _protector = protection.CreateProtector("CareCoordination.SignIn.Launches");

    public string Make(string client, string patient, string? encounter, string? person) =>
        _protector.Protect(
            JsonSerializer.Serialize(
                new Launch(
                    FhirId.New(time.GetUtcNow()),
                    client,
                    patient,
                    encounter,
                    person,
                    (time.GetUtcNow() + Life).ToUnixTimeSeconds()
                )
            )
        );

    /// <summary>Null where it is none that this app may use now: made up, of another app, expired or used.</summary>
    public async Task<Launch?> ReadAsync(string? text, string client, CancellationToken cancellationToken) =>
        Open(text) is { } launch
        && launch.Client == client
        && launch.Until > time.GetUtcNow().ToUnixTimeSeconds()
        && !await spent.IsTakenAsync(Named(launch), cancellationToken)
            ? launch
            : null;

    /// <summary>False where somebody was faster.</summary>
    public Task<bool> TakeAsync(Launch launch, CancellationToken cancellationToken) =>
        spent.TakeAsync(Named(launch), launch.Until, cancellationToken);

    private static string Named(Launch launch) => $"launch {launch.Id}";

    private Launch? Open(string? text)
    {
        if (text is not { Length: > 0 and <= MaxLength })
            return null;
        try
        {
            return JsonSerializer.Deserialize<Launch>(_protector.Unprotect(text));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
