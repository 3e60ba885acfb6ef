using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CareCoordination.Storage.Rows;

/// <summary>
/// Lines of the audit trail as JSON, one to a line of text, as they are stored and as their hash is over: what is stored is never written
/// anew, so that nothing depends on how a release orders or spells it.
/// </summary>
internal static class AuditContent
{
    /// <summary>JSON escapes it inside a line.</summary>
    private const byte End = (byte)'\n';

    [ThreadStatic]
    private static Utf8JsonWriter? _json;

    /// <summary>Adds a line to those that are written.</summary>
    public static void Add(ArrayBufferWriter<byte> content, AuditLine line)
    {
        if (content.WrittenCount > 0)
        {
            content.GetSpan(1)[0] = End;
            content.Advance(1);
        }

        var json = _json ??= new Utf8JsonWriter(
            content,
            new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }
        );
        json.Reset(content);
        Write(json, line);
        json.Flush();
    }

    /// <summary>How many lines there are, readable or not.</summary>
    public static int Count(ReadOnlySpan<byte> content) => content.Count(End) + 1;

    /// <summary>The lines as they lie.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> content)
    {
        while (content.Span.IndexOf(End) is var end and >= 0)
        {
            yield return content[..end];
            content = content[(end + 1)..];
        }

        yield return content;
    }

    private static void Write(Utf8JsonWriter json, AuditLine line)
    {
        json.WriteStartObject();
        json.WriteNumber("at"u8, line.At.UtcTicks);
        json.WriteString("interaction"u8, line.Interaction);
        json.WriteNumber("status"u8, line.Status);
        Write(json, "type"u8, line.Type);
        Write(json, "id"u8, line.Id);
        Write(json, "version"u8, line.Version, 0);
        Write(json, "patients"u8, line.Patients);
        Write(json, "entities"u8, line.Entities);
        Write(json, "activity"u8, line.Activity);
        Write(json, "by"u8, line.By);
        Write(json, "query"u8, line.Query);
        Write(json, "request"u8, line.Request);
        Write(json, "entry"u8, line.Entry, 0);
        Write(json, "count"u8, line.Count, 1);
        Write(json, "node"u8, line.Node);
        json.WriteString("kind"u8, line.Agent.Kind);
        json.WriteString("subject"u8, line.Agent.Subject);
        Write(json, "person"u8, line.Agent.Person);
        Write(json, "client"u8, line.Agent.Client);
        Write(json, "roles"u8, line.Agent.Roles);
        Write(json, "organization"u8, line.Agent.Organization);
        Write(json, "purpose"u8, line.Agent.Purpose);
        Write(json, "address"u8, line.Agent.Address);
        json.WriteEndObject();
    }

    /// <summary>The line; null where the bytes are none, because somebody has changed them.</summary>
    public static AuditLine? Read(ReadOnlyMemory<byte> content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            return Read(document.RootElement);
        }
        catch (Exception e)
            when (e is JsonException or InvalidOperationException or FormatException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static AuditLine Read(JsonElement row) =>
        new(
            new AuditAgent(Text(row, "kind"u8) ?? "", Text(row, "subject"u8) ?? "")
            {
                Person = Text(row, "person"u8),
                Client = Text(row, "client"u8),
                Roles = Texts(row, "roles"u8),
                Organization = Text(row, "organization"u8),
                Purpose = Text(row, "purpose"u8),
                Address = Text(row, "address"u8),
            },
            Text(row, "interaction"u8) ?? "",
            new DateTimeOffset(row.TryGetProperty("at"u8, out var at) ? at.GetInt64() : 0, TimeSpan.Zero)
        )
        {
            Status = Number(row, "status"u8, 0),
            Type = Text(row, "type"u8),
            Id = Text(row, "id"u8),
            Version = Number(row, "version"u8, 0),
            Patients = Texts(row, "patients"u8),
            Entities = Texts(row, "entities"u8),
            Activity = Text(row, "activity"u8),
            By = Text(row, "by"u8),
            Query = Text(row, "query"u8),
            Request = Text(row, "request"u8),
            Entry = Number(row, "entry"u8, 0),
            Count = Number(row, "count"u8, 1),
            Node = Text(row, "node"u8),
        };

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
            json.WriteString(name, text);
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, int number, int usual)
    {
        if (number != usual)
            json.WriteNumber(name, number);
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, ImmutableArray<string> texts)
    {
        if (texts.IsEmpty)
            return;
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static string? Text(JsonElement row, ReadOnlySpan<byte> name) =>
        row.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static int Number(JsonElement row, ReadOnlySpan<byte> name, int usual) =>
        row.TryGetProperty(name, out var value) ? value.GetInt32() : usual;

    private static ImmutableArray<string> Texts(JsonElement row, ReadOnlySpan<byte> name) =>
        row.TryGetProperty(name, out var value) ? [.. value.EnumerateArray().Select(v => v.GetString() ?? "")] : [];
}
