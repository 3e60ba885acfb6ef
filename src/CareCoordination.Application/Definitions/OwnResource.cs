using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Canonicals;

namespace CareCoordination.Application.Definitions;

/// <summary>What all definitions of this server have in common. https://hl7.org/fhir/R4/resourcelist.html#conformance</summary>
internal static class OwnResource
{
    public const string Publisher = "CareCoordination";

    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="describe">Adds what is of its type.</param>
    public static BuiltIn BuiltIn(string type, string url, string title, string meaning, Action<JsonObject> describe)
    {
        var id = OwnCanonical.IdOf(url);
        var resource = new JsonObject
        {
            ["resourceType"] = type,
            ["id"] = id,
            ["text"] = Narrative(title, meaning),
            ["url"] = url,
            ["name"] = NameOf(id),
            ["title"] = title,
            ["status"] = "active",
            ["publisher"] = Publisher,
            ["description"] = meaning,
        };
        describe(resource);
        var bytes = ToUtf8Json(resource);
        return new BuiltIn(new(type, id), _ => bytes) { HasOwnCanonical = true };
    }

    public static byte[] ToUtf8Json(JsonObject resource) => JsonSerializer.SerializeToUtf8Bytes(resource, Relaxed);

    /// <summary>What people read who have no program for it.</summary>
    public static JsonObject Narrative(string title, string meaning) =>
        new()
        {
            ["status"] = "generated",
            ["div"] =
                $"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>{WebUtility.HtmlEncode(title)}</p><p>{WebUtility.HtmlEncode(meaning)}</p></div>",
        };

    /// <summary>A name that programs can use: <c>HeldSince</c> of <c>held-since</c>.</summary>
    public static string NameOf(string id) =>
        string.Concat(id.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
