using System.Globalization;
using System.Text;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;

namespace CareCoordination.Application.Audit;

/// <summary>
/// Rows of the audit trail as resources: <c>AuditEvent/audit-12</c> is row 12, made of it when it is read.
/// https://hl7.org/fhir/R4/auditevent.html
/// </summary>
internal static class AuditEvents
{
    private const string Prefix = "audit-";
    private const string EventType = "http://terminology.hl7.org/CodeSystem/audit-event-type";
    private const string Interaction = "http://hl7.org/fhir/restful-interaction";
    private const string EntityType = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
    private const string EntityRole = "http://terminology.hl7.org/CodeSystem/object-role";
    private const string ResourceType = "http://hl7.org/fhir/resource-types";
    private const string PurposeOfUse = "http://terminology.hl7.org/CodeSystem/v3-ActReason";

    /// <summary>Interactions that <c>restful-interaction</c> has a code for.</summary>
    private static readonly HashSet<string> Coded = new(StringComparer.Ordinal)
    {
        "read",
        "vread",
        "update",
        "patch",
        "delete",
        "history-instance",
        "history-type",
        "history-system",
        "create",
        "search-type",
        "search-system",
        "capabilities",
        "transaction",
        "batch",
        "operation",
    };

    /// <summary>The row that a key stands for; null: it is that of a resource that somebody stored.</summary>
    public static long? SequenceOf(ResourceKey key) =>
        key.Type == ResourceTypes.AuditEvent
        && key.Id.StartsWith(Prefix, StringComparison.Ordinal)
        && long.TryParse(
            key.Id.AsSpan(Prefix.Length),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var sequence
        )
            ? sequence
            : null;

    public static ResourceKey KeyOf(long sequence) =>
        new(ResourceTypes.AuditEvent, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{sequence}"));

    /// <summary>Why nobody may write a resource with this key; null where anybody may.</summary>
    public static Failure? WhyNotWritten(ResourceKey key) =>
        SequenceOf(key) is null
            ? null
            : Failure.From(
                405,
                IssueCode.NotSupported,
                "Rows of the audit trail stay as they are: nobody writes, changes or deletes them."
            );

    /// <summary>As a read gives it: of a row there is one version.</summary>
    public static StoredResource Of(AuditRow row) =>
        new(KeyOf(row.Sequence), 1, row.Recorded, ChangeKind.Create, row.Sequence, Write(row));

    /// <summary>What was done, in a letter. https://hl7.org/fhir/R4/valueset-audit-event-action.html</summary>
    public static string ActionOf(string interaction) =>
        interaction switch
        {
            "create" or "import" => AuditEventActionCodes.C,
            "update" or "patch" => AuditEventActionCodes.U,
            "delete" => AuditEventActionCodes.D,
            "read" or "vread" or "capabilities" => AuditEventActionCodes.R,
            _ when interaction.StartsWith("search", StringComparison.Ordinal) => AuditEventActionCodes.R,
            _ when interaction.StartsWith("history", StringComparison.Ordinal) => AuditEventActionCodes.R,
            _ => AuditEventActionCodes.E,
        };

    private static byte[] Write(AuditRow row)
    {
        var line = row.Line;
        var audit = new AuditEventEditor
        {
            Id = KeyOf(row.Sequence).Id,
            Meta = new() { VersionId = "1", LastUpdated = row.Recorded },
            Type = new() { System = EventType, Code = "rest" },
            Action = ActionOf(line.Interaction),
            Period = new() { Start = line.At, End = line.At },
            Recorded = row.Recorded,
            Outcome = line.Status switch
            {
                < 400 => AuditEventOutcomeCodes.V0,
                < 500 => AuditEventOutcomeCodes.V4,
                _ => AuditEventOutcomeCodes.V8,
            },
            OutcomeDesc = DescriptionOf(line),
            Source =
            {
                Site = line.Node,
                Observer = new() { Reference = ServerAgent.Unknown.Reference },
            },
        };
        if (line.Interaction.StartsWith('$'))
            audit.Subtype.Add(new() { System = Interaction, Code = "operation" });
        audit.Subtype.Add(
            Coded.Contains(line.Interaction)
                ? new() { System = Interaction, Code = line.Interaction }
                : new() { Code = line.Interaction }
        );
        AddAgents(audit, line);
        AddEntities(audit, line);
        return audit.ToUtf8Json();
    }

    private static string DescriptionOf(AuditLine line)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"HTTP {line.Status}");
        return line.Count == 1 ? text : string.Create(CultureInfo.InvariantCulture, $"{text}, {line.Count} times");
    }

    /// <summary>The caller asked; whom the request names as acting, the organization and the program stand beside.</summary>
    private static void AddAgents(AuditEventEditor audit, AuditLine line)
    {
        var by = line.Agent;
        var caller = new AuditEventAgentEditor
        {
            Who = WhoOf(line),
            AltId = by.Client,
            Name = by.Kind == "open" ? null : $"{by.Kind} {by.Subject}",
            Requestor = true,
        };
        foreach (var role in by.Roles)
            caller.Role.Add(new() { Text = role });
        if (by.Address is { } address)
            caller.Network = new() { Address = address, Type = NetworkTypeCodes.V2 };
        if (by.Purpose is { } purpose)
        {
            audit.PurposeOfEvent.Add(Purpose(purpose));
            caller.PurposeOfUse.Add(Purpose(purpose));
        }

        audit.Agent.Add(caller);
        if (line.By is { } acting && by.Person is not null && acting != by.Person)
            audit.Agent.Add(
                new()
                {
                    Who = new() { Reference = acting },
                    Requestor = false,
                }
            );
        if (by.Organization is { } organization)
            audit.Agent.Add(
                new()
                {
                    Who = new() { Reference = $"Organization/{organization}" },
                    Requestor = false,
                }
            );
    }

    private static ReferenceEditor WhoOf(AuditLine line) =>
        (line.Agent.Person ?? line.By) is { } person ? new() { Reference = person }
        : line.Agent.Kind is "open" or "timer" or "job" ? new() { Reference = ServerAgent.Unknown.Reference }
        : new() { Identifier = new() { Value = line.Agent.Subject } };

    private static CodeableConceptEditor Purpose(string code)
    {
        var purpose = new CodeableConceptEditor();
        purpose.Coding.Add(new() { System = PurposeOfUse, Code = code });
        return purpose;
    }

    private static void AddEntities(AuditEventEditor audit, AuditLine line)
    {
        if (line is { Type: { } type, Id: { } id } && !line.Entities.Any(e => IsVersionOf(e, type, id)))
            audit.Entity.Add(
                new()
                {
                    What = new() { Reference = $"{type}/{id}{VersionOf(line)}" },
                    Type = TypeOf(type),
                    Name = line.Activity,
                }
            );
        foreach (var written in line.Entities)
            audit.Entity.Add(
                new()
                {
                    What = new() { Reference = written },
                    Type = TypeOf(written[..written.IndexOf('/', StringComparison.Ordinal)]),
                    Name = line.Activity,
                }
            );
        if (line.Query is { } query)
            audit.Entity.Add(
                new()
                {
                    Type = line.Type is { } searched ? TypeOf(searched) : new() { System = EntityType, Code = "2" },
                    Role = new() { System = EntityRole, Code = "24" },
                    Query = Convert.ToBase64String(Encoding.UTF8.GetBytes(query)),
                }
            );
        else if (line is { Type: { } whole, Id: null })
            audit.Entity.Add(new() { Type = TypeOf(whole) });
        foreach (var patient in line.Patients)
            AddPatient(audit, line, patient);
    }

    /// <summary>A patient who is what was asked for is named already.</summary>
    private static void AddPatient(AuditEventEditor audit, AuditLine line, string patient)
    {
        if (line.Type != ResourceTypes.Patient || line.Id != patient)
            audit.Entity.Add(
                new()
                {
                    What = new() { Reference = $"Patient/{patient}" },
                    Type = new() { System = EntityType, Code = "1" },
                    Role = new() { System = EntityRole, Code = "1" },
                }
            );
    }

    private static CodingEditor TypeOf(string type) => new() { System = ResourceType, Code = type };

    private static string VersionOf(AuditLine line) =>
        line.Version > 0 ? string.Create(CultureInfo.InvariantCulture, $"/_history/{line.Version}") : "";

    private static bool IsVersionOf(string reference, string type, string id) =>
        reference.StartsWith($"{type}/{id}/", StringComparison.Ordinal);
}
