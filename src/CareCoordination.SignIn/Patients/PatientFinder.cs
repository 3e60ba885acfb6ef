using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Text.Json;
using CareCoordination.Access.Scopes;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Rest.Routing;
using CareCoordination.SignIn.Settings;
using CareCoordination.SignIn.Tables;
using CareCoordination.SignIn.Users;

namespace CareCoordination.SignIn.Patients;

/// <param name="Identifiers">By which people tell apart who has the same name.</param>
internal sealed record FoundPatient(string Id, string Name, string BirthDate, string Identifiers);

/// <summary>
/// The patients that somebody may choose for an app: found by the reads of this server as the person who signed in, so that nobody finds
/// one that they may not see.
/// </summary>
internal sealed class PatientFinder(
    CareSessions sessions,
    InteractionRouter router,
    FhirDefinitions definitions,
    IssuerAddress address
)
{
    private const int Most = 20;

    /// <summary>By what is known of them. Empty texts ask for nothing.</summary>
    public async Task<ImmutableArray<FoundPatient>> SearchAsync(
        CareUser user,
        string name,
        string birthDate,
        string identifier,
        CancellationToken cancellationToken
    )
    {
        var asked = new List<string> { $"_count={Most}" };
        Add("name", name);
        Add("birthdate", birthDate);
        Add("identifier", identifier);
        if (asked.Count == 1)
            return [];
        using var answer = await AskAsync(
            CallerOf(user),
            [ResourceTypes.Patient],
            string.Join('&', asked),
            cancellationToken
        );
        return answer is null ? [] : [.. Entries(answer.RootElement).Select(Read)];

        void Add(string parameter, string value)
        {
            if (value.Trim() is { Length: > 0 } text)
                asked.Add($"{parameter}={Uri.EscapeDataString(text)}");
        }
    }

    /// <summary>Null where there is none that the person may see.</summary>
    public async Task<FoundPatient?> FindAsync(CareUser user, string id, CancellationToken cancellationToken)
    {
        if (!FhirId.IsValid(id))
            return null;
        using var answer = await AskAsync(CallerOf(user), [ResourceTypes.Patient, id], "", cancellationToken);
        return answer is null ? null : Read(answer.RootElement);
    }

    /// <summary>Those of somebody of the family: the one that their RelatedPerson names.</summary>
    public async Task<ImmutableArray<FoundPatient>> OfFamilyAsync(CareUser user, CancellationToken cancellationToken)
    {
        if (UserRules.Person(user.FhirUser) is not { Type: ResourceTypes.RelatedPerson } person)
            return [];
        using var answer = await AskAsync(CallerOf(user), [person.Type, person.Id], "", cancellationToken);
        return
            answer is not null
            && answer.RootElement.TryGetProperty("patient", out var patient)
            && patient.TryGetProperty("reference", out var reference)
            && reference.GetString()!.Split('/') is [.., ResourceTypes.Patient, var id]
            && await FindAsync(user, id, cancellationToken) is { } found
            ? [found]
            : [];
    }

    /// <summary>Whether a client sees the patient, and the encounter as one of the patient.</summary>
    /// <param name="encounter">Null: none is asked for.</param>
    public async Task<bool> SeesAsync(
        Caller caller,
        string patient,
        string? encounter,
        CancellationToken cancellationToken
    )
    {
        using var found = await AskAsync(caller, [ResourceTypes.Patient, patient], "", cancellationToken);
        if (found is null || encounter is null)
            return found is not null;
        using var matches = await AskAsync(
            caller,
            [ResourceTypes.Encounter],
            $"_id={encounter}&patient={patient}&_elements=id",
            cancellationToken
        );
        return matches is not null
            && matches.RootElement.TryGetProperty("entry", out var entries)
            && entries
                .EnumerateArray()
                .Any(e => e.GetProperty("resource").GetProperty("resourceType").GetString() == ResourceTypes.Encounter);
    }

    /// <summary>What a page needs to read to show patients.</summary>
    private static readonly ScopeSet Scopes = ScopeSet.Parse("user/Patient.rs user/RelatedPerson.rs");

    /// <summary>As whoever signed in, in their roles.</summary>
    private static Caller CallerOf(CareUser user) =>
        Caller.User(user.Id) with
        {
            Roles = [.. UserDirectory.RolesOf(user)],
            Person = UserRules.Person(user.FhirUser),
            Organization = user.Organization,
            Scopes = Scopes,
        };

    /// <summary>Null where the answer is a refusal.</summary>
    private async Task<JsonDocument?> AskAsync(
        Caller caller,
        ImmutableArray<string> path,
        string query,
        CancellationToken cancellationToken
    )
    {
        if (!router.Locate(path).TryGet(out var located, out _) || !located.Find("GET").TryGet(out var route, out _))
            return null;
        var request = new InteractionRequest
        {
            BaseUrl = address.FhirBase,
            Budget = new WorkBudget(definitions.Limits.Work, cancellationToken),
            Method = "GET",
            Type = path[0],
            Id = path.Length > 1 ? path[1] : "",
            Query = QueryParameters.Parse(query.Length == 0 ? "" : "?" + query),
        };
        if (!router.Parse(route.Definition, request).TryGet(out var interaction, out _))
            return null;
        var answer = await sessions.SendAsync(caller, interaction, cancellationToken);
        return answer is { IsSuccess: true, Body: { } body } ? await ParseAsync(body, cancellationToken) : null;
    }

    private static async Task<JsonDocument> ParseAsync(FhirContent content, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var pipe = PipeWriter.Create(bytes, new StreamPipeWriterOptions(leaveOpen: true));
        await content.WriteAsync(pipe, cancellationToken);
        await pipe.CompleteAsync();
        return JsonDocument.Parse(bytes.ToArray());
    }

    private static IEnumerable<JsonElement> Entries(JsonElement bundle) =>
        bundle.TryGetProperty("entry", out var entries)
            ? entries
                .EnumerateArray()
                .Select(e => e.GetProperty("resource"))
                .Where(r => r.GetProperty("resourceType").GetString() == ResourceTypes.Patient)
            : [];

    private static FoundPatient Read(JsonElement patient) =>
        new(
            patient.GetProperty("id").GetString()!,
            List(patient, "name").Select(NameOf).FirstOrDefault(n => n.Length > 0) ?? "(no name)",
            Text(patient, "birthDate"),
            string.Join(
                ", ",
                List(patient, "identifier").Select(i => Text(i, "value")).Where(v => v.Length > 0).Take(3)
            )
        );

    private static string NameOf(JsonElement name) =>
        Text(name, "text") is { Length: > 0 } text
            ? text
            : string.Join(' ', List(name, "given").Select(g => g.GetString()).Append(Text(name, "family"))).Trim();

    private static IEnumerable<JsonElement> List(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var list) ? list.EnumerateArray() : [];

    private static string Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var text) ? text.GetString() ?? "" : "";
}
