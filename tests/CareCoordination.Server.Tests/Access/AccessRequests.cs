using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Search;

namespace CareCoordination.Server.Tests.Access;

/// <summary>
/// Requests over every interaction, alone and as entries of batches and transactions: reads in all their forms, writes with every
/// condition there is, entries that refer to one another. They name what the caller sees, what they do not, and what never was.
/// </summary>
/// <param name="known">Names of resources that are at the same version on both servers.</param>
internal sealed class AccessRequests(
    SearchParameterRegistry parameters,
    IReadOnlyList<string> names,
    IReadOnlySet<string> known,
    int seed
)
{
    private readonly Random _random = new(seed);
    private readonly AccessQueries _queries = new(parameters, seed);

    /// <summary>What of a request stands in headers, and in a Bundle beside the URL.</summary>
    private sealed record Conditions(string? IfMatch = null, string? IfNoneMatch = null, string? IfNoneExist = null);

    private sealed record Single(string Method, string Url, JsonObject? Resource, Conditions Conditions)
    {
        public string? FullUrl { get; init; }
    }

    public Asked Next() =>
        _random.Next(10) switch
        {
            < 3 => Alone(Read(), isRead: true),
            < 5 => Alone(Write(isInTransaction: false), isRead: false),
            < 7 => Together("batch", [.. Some(() => _random.Next(2) == 0 ? Read() : Write(isInTransaction: false))]),
            _ => Together("transaction", Transaction()),
        };

    private IEnumerable<Single> Some(Func<Single> one)
    {
        for (var count = _random.Next(1, 6); count > 0; count--)
            yield return one();
    }

    private Asked Alone(Single single, bool isRead)
    {
        var headers = new List<string>();
        if (single.Conditions.IfMatch is { } match)
            headers.Add($"If-Match: {match}");
        if (single.Conditions.IfNoneMatch is { } none)
            headers.Add($"If-None-Match: {none}");
        if (single.Conditions.IfNoneExist is { } exist)
            headers.Add($"If-None-Exist: {exist}");
        if (isRead && _random.Next(8) == 0)
            headers.Add(
                Pick([
                    // What comes along with a page has no order, which is not looked at in XML.
                    single.Url.Contains("include", StringComparison.Ordinal)
                        ? "Accept: application/fhir+json"
                        : "Accept: application/fhir+xml",
                    "Prefer: handling=lenient",
                    "Prefer: handling=strict",
                ])
            );
        if (!isRead)
            headers.Add(Preference());
        if (isRead && _random.Next(8) == 0 && single.Url.IndexOf('?', StringComparison.Ordinal) is > 0 and var at)
            return new(
                HttpMethod.Post,
                $"{single.Url[..at]}/_search",
                single.Url[(at + 1)..],
                [.. headers, "Content-Type: application/x-www-form-urlencoded"]
            );
        return new(
            isRead && _random.Next(10) == 0 ? HttpMethod.Head : new HttpMethod(single.Method),
            single.Url,
            single.Resource?.ToJsonString(),
            [.. headers]
        );
    }

    private Asked Together(string type, IReadOnlyList<Single> entries) =>
        new(
            HttpMethod.Post,
            "",
            new JsonObject
            {
                ["resourceType"] = "Bundle",
                ["type"] = type,
                ["entry"] = new JsonArray([.. entries.Select(Entry)]),
            }.ToJsonString(),
            Preference()
        );

    private string Preference() =>
        Pick(["Prefer: return=minimal", "Prefer: return=representation", "Prefer: return=OperationOutcome"]);

    private static JsonObject Entry(Single single)
    {
        var request = new JsonObject { ["method"] = single.Method, ["url"] = single.Url };
        if (single.Conditions.IfMatch is { } match)
            request["ifMatch"] = match;
        if (single.Conditions.IfNoneMatch is { } none)
            request["ifNoneMatch"] = none;
        if (single.Conditions.IfNoneExist is { } exist)
            request["ifNoneExist"] = exist;
        var entry = new JsonObject { ["request"] = request };
        if (single.FullUrl is not null)
            entry["fullUrl"] = single.FullUrl;
        if (single.Resource is not null)
            entry["resource"] = single.Resource.DeepClone();
        return entry;
    }

    /// <summary>Reads that need no past: what a version was is compared elsewhere.</summary>
    private Single Read()
    {
        var name = Name();
        var url = _random.Next(12) switch
        {
            0 or 1 or 2 => name,
            3 => $"{name}?_summary={Pick(["true", "text", "data", "count"])}",
            4 => $"{name}?_elements={Pick(["id", "status", "subject", "code", "owner"])}",
            5 => $"Patient/{Patient()}/$everything?_count={_random.Next(1, 30)}",
            6 => $"Patient/{Patient()}/{Pick(AccessQueries.Types)}?_count={_random.Next(1, 6)}",
            _ => _queries.Next(),
        };
        var none = _random.Next(12) == 0 && url == name ? Version(name) : null;
        return new("GET", url, null, new(IfNoneMatch: none));
    }

    private Single Write(bool isInTransaction)
    {
        var (resource, type) = Resource(isInTransaction);
        var id = Name(type).Split('/')[1];
        switch (_random.Next(9))
        {
            case 0 or 1:
                return new("POST", type, resource, new(IfNoneExist: _random.Next(2) == 0 ? Criteria(type) : null));
            case 2 or 3:
                resource["id"] = id;
                return new(
                    "PUT",
                    $"{type}/{id}",
                    resource,
                    new(Match($"{type}/{id}"), _random.Next(6) == 0 ? "*" : null)
                );
            case 4 or 5:
                if (_random.Next(2) == 0)
                    resource["id"] = id;
                return new("PUT", $"{type}?{Criteria(type)}", resource, new(Match()));
            case 6:
                return new("DELETE", _random.Next(2) == 0 ? $"{type}/{id}" : $"{type}?{Criteria(type)}", null, new());
            default:
                return new(
                    "PATCH",
                    _random.Next(2) == 0 ? $"{type}/{id}" : $"{type}?{Criteria(type)}",
                    Changed(type),
                    new(Match())
                );
        }
    }

    private string? Match(string? name = null) => _random.Next(6) == 0 ? Version(name) : null;

    private string Version(string? name) => name is not null && known.Contains(name) ? "W/\"1\"" : "W/\"99\"";

    /// <summary>Entries that refer to one another, by their addresses and by criteria.</summary>
    private List<Single> Transaction()
    {
        var entries = Some(() => _random.Next(4) == 0 ? Read() : Write(isInTransaction: true)).ToList();
        if (_random.Next(3) != 0)
            return entries;
        var (first, second) = (
            "urn:uuid:0b7c3c5c-2222-4a6a-9f0e-2a4f6c1d0001",
            "urn:uuid:0b7c3c5c-2222-4a6a-9f0e-2a4f6c1d0002"
        );
        var (request, about) = (Of("ServiceRequest", Reference("Patient")), Patient());
        entries.Add(
            new(
                "POST",
                "ServiceRequest",
                request,
                new(IfNoneExist: _random.Next(3) == 0 ? Criteria("ServiceRequest") : null)
            )
            {
                FullUrl = first,
            }
        );
        var task = Of("Task", $"Patient/{about}");
        task["focus"] = Refer(first);
        task["owner"] = Refer(Pick(["Organization/lab", "Practitioner/ana", "PractitionerRole/role-ana"]));
        entries.Add(new("POST", "Task", task, new()) { FullUrl = second });
        return entries;
    }

    private string Criteria(string type) =>
        Pick([
            $"_id={Name(type).Split('/')[1]}",
            $"_tag=urn:mark|{AccessWorld.Mark(type, Name(type).Split('/')[1])}",
            type switch
            {
                "Patient" => $"identifier=urn:mrn|{_random.Next(1, AccessWorld.Patients + 1)}",
                "Task" => $"patient=Patient/{Patient()}",
                _ => $"subject=Patient/{Patient()}&_tag=urn:mark|{AccessWorld.Mark(type, Name(type).Split('/')[1])}",
            },
            type switch
            {
                "Patient" => "family=Rivera",
                "Task" => $"patient.identifier=urn:mrn|{_random.Next(1, AccessWorld.Patients + 1)}",
                _ => $"subject:Patient.identifier=urn:mrn|{_random.Next(1, AccessWorld.Patients + 1)}",
            },
        ]);

    private static readonly ImmutableArray<string> Written =
    [
        "Observation",
        "Condition",
        "CarePlan",
        "Goal",
        "Task",
        "ServiceRequest",
        "Communication",
        "Patient",
    ];

    private (JsonObject Resource, string Type) Resource(bool isInTransaction)
    {
        var type = Pick(Written);
        var subject =
            isInTransaction && _random.Next(4) == 0
                ? $"Patient?identifier=urn:mrn|{_random.Next(1, AccessWorld.Patients + 1)}"
                : Reference("Patient");
        var resource = Of(type, subject);
        switch (type)
        {
            case "Observation" when _random.Next(2) == 0:
                resource["basedOn"] = new JsonArray(Refer(Reference("ServiceRequest")));
                break;
            case "CarePlan" when _random.Next(2) == 0:
                resource["goal"] = new JsonArray(Refer(Reference("Goal")));
                break;
            case "Task":
                if (_random.Next(2) == 0)
                    resource["basedOn"] = new JsonArray(Refer(Reference(Pick(["CarePlan", "ServiceRequest"]))));
                if (_random.Next(3) == 0)
                    resource["partOf"] = new JsonArray(Refer(Reference("Task")));
                if (_random.Next(3) == 0)
                    resource["focus"] = Refer(Reference(Pick(["ServiceRequest", "Observation", "Goal"])));
                if (_random.Next(2) == 0)
                    resource[Pick(["owner", "requester"])] = Refer(
                        Pick(["Practitioner/ana", "PractitionerRole/role-ana", "Organization/lab", "CareTeam/team6"])
                    );
                break;
            case "ServiceRequest" when _random.Next(2) == 0:
                resource["basedOn"] = new JsonArray(Refer(Reference("CarePlan")));
                break;
            case "Communication" when _random.Next(2) == 0:
                resource["about"] = new JsonArray(Refer(Name()));
                break;
        }

        return (resource, type);
    }

    private JsonObject Of(string type, string subject)
    {
        var resource = JsonNode
            .Parse(
                type switch
                {
                    "Observation" =>
                        $$"""{"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"{{_random.Next(1, 3)}}"}]},"valueQuantity":{"value":{{_random.Next(40)}} } }""",
                    "Condition" =>
                        """{"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"E11.9"}]} }""",
                    "CarePlan" => $$"""{"status":"{{Pick(["draft", "active"])}}","intent":"plan","title":"again"}""",
                    "Goal" =>
                        $$"""{"lifecycleStatus":"{{Pick(["proposed", "active", "completed"])}}","description":{"text":"run"} }""",
                    "Task" =>
                        $$"""{"status":"{{Pick(["requested", "ready", "completed"])}}","intent":"order","code":{"text":"call"} }""",
                    "ServiceRequest" =>
                        $$"""{"status":"{{Pick(["draft", "active"])}}","intent":"order","code":{"text":"ride"} }""",
                    "Communication" => """{"status":"completed","payload":[{"contentString":"again"}]}""",
                    _ =>
                        $$"""{"name":[{"family":"New"}],"identifier":[{"system":"urn:mrn","value":"{{_random.Next(1, 20)}}"}],"managingOrganization":{"reference":"Organization/{{Pick(["north", "south"])}}"} }""",
                }
            )!
            .AsObject();
        resource["resourceType"] = type;
        if (type != "Patient")
            resource[type == "Task" ? "for" : "subject"] = Refer(subject);
        return resource;
    }

    private JsonObject Changed(string type)
    {
        var (path, value) = type switch
        {
            "Goal" => ("Goal.lifecycleStatus", """{"name":"value","valueCode":"active"}"""),
            "Patient" => ("Patient.gender", """{"name":"value","valueCode":"unknown"}"""),
            "Condition" => (
                "Condition.subject",
                $$"""{"name":"value","valueReference":{"reference":"Patient/{{Patient()}}"} }"""
            ),
            _ => (
                $"{type}.status",
                $$"""{"name":"value","valueCode":"{{Pick(["active", "completed", "final", "cancelled"])}}"}"""
            ),
        };
        return JsonNode
            .Parse(
                $$"""
                {"resourceType":"Parameters","parameter":[{"name":"operation","part":[
                  {"name":"type","valueCode":"replace"},{"name":"path","valueString":"{{path}}"},{{value}}]}]}
                """
            )!
            .AsObject();
    }

    private static JsonObject Refer(string reference) => new() { ["reference"] = reference };

    private string Patient() =>
        string.Create(CultureInfo.InvariantCulture, $"p{_random.Next(1, AccessWorld.Patients + 2)}");

    private string Reference(string type) => type == "Patient" ? $"Patient/{Patient()}" : Name(type);

    /// <summary>Of what is stored; now and then of what is not.</summary>
    private string Name(string? type = null)
    {
        var among = type is null
            ? names
            : [.. names.Where(name => name.StartsWith(type + "/", StringComparison.Ordinal))];
        return among.Count == 0 || _random.Next(12) == 0 ? $"{type ?? "Observation"}/never-was-1" : Pick(among);
    }

    private T Pick<T>(IReadOnlyList<T> among) => among[_random.Next(among.Count)];
}
