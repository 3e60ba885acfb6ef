using System.Security.Cryptography;
using System.Text.Json;
using CareCoordination.Application.Interactions;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Application.Import;

/// <summary>
/// One resource to import, as an entry of a Bundle or by itself: what is needed to give it its place, before it is parsed.
/// </summary>
/// <param name="Number">Its place in the file, from 1.</param>
/// <param name="FullUrl">https://hl7.org/fhir/R4/bundle-definitions.html#Bundle.entry.fullUrl</param>
/// <param name="Method">Of the entry's request; null where there is none.</param>
/// <param name="Url">Of the entry's request.</param>
/// <param name="IfNoneExist">Of the entry's request.</param>
/// <param name="Type">The resource's type, unchecked; empty where it has none.</param>
/// <param name="Id">The resource's id, unchecked; null where it has none.</param>
/// <param name="Json">The resource; empty where the entry has none.</param>
internal sealed record ImportEntry(
    int Number,
    string? FullUrl,
    string? Method,
    string? Url,
    string? IfNoneExist,
    string Type,
    string? Id,
    ReadOnlyMemory<byte> Json
)
{
    /// <summary>The base of the server it comes from, where that is another one.</summary>
    public string? Home { get; init; }

    /// <summary>True for what a search says of itself, which is no result. https://hl7.org/fhir/R4/valueset-search-entry-mode.html</summary>
    public bool IsOutcome { get; init; }

    /// <summary>True where the entry says under which id it is to be stored.</summary>
    public bool IsPlaced => Method == "PUT" && Url is not null && !Url.Contains('?', StringComparison.Ordinal);

    private const string UrnUuid = "urn:uuid:";

    /// <summary>
    /// The id it gets, the same at every import: the one it is PUT to; where it is POSTed the UUID that the other entries know it by,
    /// as a server would give it a new id; its own, or one made of it where it is of another server or none of R4; the end of its full
    /// URL; or a UUID made from its content.
    /// </summary>
    public string AssignedId
    {
        get
        {
            if (IsPlaced)
                return LastSegment(Url!);
            if (
                Method == "POST"
                && FullUrl is not null
                && FullUrl.StartsWith(UrnUuid, StringComparison.Ordinal)
                && FhirId.IsValid(FullUrl.AsSpan(UrnUuid.Length))
            )
                return FullUrl[UrnUuid.Length..];
            if (Id is { Length: > 0 })
                return ImportHomes.IdOf(Home, Type, Id);
            if (FullUrl is not null && FhirId.IsValid(LastSegment(FullUrl)))
                return ImportHomes.IdOf(Home, Type, LastSegment(FullUrl));
            return new Guid(SHA256.HashData(Json.Span).AsSpan(0, 16), bigEndian: true).ToString();
        }
    }

    /// <summary>The criteria that decide which resource it is: of a conditional create or a conditional update; null for others.</summary>
    public string? Criteria =>
        Method == "PUT" && Url is not null && Url.IndexOf('?', StringComparison.Ordinal) is var mark and >= 0
            ? Url[(mark + 1)..]
        : Method == "POST" ? IfNoneExist
        : null;

    /// <summary>A resource by itself.</summary>
    public static ImportEntry OfResource(byte[] json, int number)
    {
        var (type, id) = Head(json);
        return new ImportEntry(number, null, null, null, null, type, id, json);
    }

    /// <summary>An entry of a Bundle, whose JSON is known to be well-formed.</summary>
    public static ImportEntry OfBundle(byte[] json, int number)
    {
        var entry = new ImportEntry(number, null, null, null, null, "", null, default);
        var reader = new Utf8JsonReader(json, JsonOptions);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            return entry;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("fullUrl"u8))
            {
                entry = entry with { FullUrl = ReadText(ref reader) };
            }
            else if (reader.ValueTextEquals("resource"u8))
            {
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                var resource = json.AsMemory(start, (int)reader.BytesConsumed - start);
                var (type, id) = Head(resource.Span);
                entry = entry with { Json = resource, Type = type, Id = id };
            }
            else if (reader.ValueTextEquals("request"u8))
            {
                entry = ReadRequest(ref reader, entry);
            }
            else if (reader.ValueTextEquals("search"u8))
            {
                entry = entry with { IsOutcome = ReadMode(ref reader) == "outcome" };
            }
            else
            {
                reader.Skip();
            }
        }

        return entry;
    }

    private static string? ReadMode(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        string? mode = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("mode"u8))
                mode = ReadText(ref reader);
            else
                reader.Skip();
        }

        return mode;
    }

    private static readonly JsonReaderOptions JsonOptions = new() { MaxDepth = 1000 };

    private static ImportEntry ReadRequest(ref Utf8JsonReader reader, ImportEntry entry)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return entry;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("method"u8))
                entry = entry with { Method = ReadText(ref reader) };
            else if (reader.ValueTextEquals("url"u8))
                entry = entry with { Url = ReadText(ref reader) };
            else if (reader.ValueTextEquals("ifNoneExist"u8))
                entry = entry with { IfNoneExist = ReadText(ref reader) };
            else
                reader.Skip();
        }

        return entry;
    }

    /// <summary>Type and id, which come first in nearly every resource; what is malformed is left to the parser to explain.</summary>
    private static (string Type, string? Id) Head(ReadOnlySpan<byte> json)
    {
        var (type, id) = ("", (string?)null);
        try
        {
            var reader = new Utf8JsonReader(json, JsonOptions);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return (type, id);
            while ((type.Length == 0 || id is null) && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("resourceType"u8))
                    type = ReadText(ref reader) ?? "";
                else if (reader.ValueTextEquals("id"u8))
                    id = ReadText(ref reader);
                else
                    reader.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return (type, id);
        }

        return (type, id);
    }

    private static string? ReadText(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
            return reader.GetString();
        reader.Skip();
        return null;
    }

    private static string LastSegment(string url) => url[(url.LastIndexOfAny(['/', ':']) + 1)..];
}
