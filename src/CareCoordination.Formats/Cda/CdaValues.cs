using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace CareCoordination.Formats.Cda;

/// <summary>Data types of CDA as elements of FHIR. https://hl7.org/fhir/us/ccda: what has a nullFlavor says nothing.</summary>
internal static class CdaValues
{
    public const string NullFlavor = "nullFlavor";

    public static string? Text(this XElement? element, string attribute) =>
        element?.Attribute(attribute)?.Value.Trim() is { Length: > 0 } value ? value : null;

    public static XElement? Child(this XElement? element, string name) => element?.Element(CdaXml.Hl7 + name);

    public static IEnumerable<XElement> Children(this XElement? element, params ReadOnlySpan<string> path)
    {
        IEnumerable<XElement> found = element is null ? [] : [element];
        foreach (var name in path)
            found = found.Elements(CdaXml.Hl7 + name);
        return found;
    }

    public static bool IsNegated(this XElement element) => element.Text("negationInd") is "true" or "1";

    /// <summary>Identifiers with who gives them. An OID or UUID alone is one by itself.</summary>
    public static JsonArray? Identifiers(this XElement? element) =>
        CdaJson.Array(element.Children("id").Select(Identifier));

    public static JsonObject? Identifier(XElement id)
    {
        if (id.Text("root") is not { } root || id.Text(NullFlavor) is not null)
            return null;
        var uri = CdaOids.UriOf(root) ?? (Guid.TryParse(root, out var uuid) ? $"urn:uuid:{uuid:D}" : null);
        if (uri is null)
            return null;
        return id.Text("extension") is { } value
            ? new JsonObject { ["system"] = uri, ["value"] = value }
            : new JsonObject
            {
                ["system"] = "urn:ietf:rfc:3986",
                ["value"] = uri.StartsWith("urn:", StringComparison.Ordinal) ? uri : "urn:oid:" + root,
            };
    }

    /// <summary>A code with its translations and its words; null where it says nothing.</summary>
    public static JsonObject? Concept(this XElement? coded)
    {
        if (coded is null)
            return null;
        var codings = coded.Children("translation").Prepend(coded).Select(Coding);
        var words = Words(coded) ?? coded.Text("displayName");
        return CdaJson.Of(("coding", CdaJson.Array(codings)), ("text", words));
    }

    public static JsonObject? Coding(XElement coded) =>
        coded.Text("code") is { } code && CdaOids.UriOf(coded.Text("codeSystem")) is { } system
            ? CdaJson.Of(("system", system), ("code", code), ("display", coded.Text("displayName")))
            : null;

    /// <summary>True for one of these codes, by itself or by a translation.</summary>
    public static bool Has(this XElement? coded, string system, params ReadOnlySpan<string> codes)
    {
        foreach (var one in coded is null ? [] : coded.Children("translation").Prepend(coded))
        {
            if (one.Text("code") is { } code && codes.Contains(code) && CdaOids.UriOf(one.Text("codeSystem")) == system)
                return true;
        }

        return false;
    }

    /// <summary>The original text: here, or where it leads to in the narrative of its section.</summary>
    public static string? Words(XElement? coded)
    {
        var original = coded.Child("originalText") ?? coded.Child("text");
        if (original is null)
            return null;
        if (original.Child("reference").Text("value") is not ['#', .. var id])
            return Plain(original.Value);
        var section = original.AncestorsAndSelf(CdaXml.Hl7 + "section").FirstOrDefault();
        var target = section.Child("text")?.Descendants().FirstOrDefault(e => e.Text("ID") == id);
        return target is null ? null : Plain(target.Value);
    }

    /// <summary>With single spaces; null where there is nothing.</summary>
    public static string? Plain(string text)
    {
        var words = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return words.Length == 0 ? null : words;
    }

    public static CdaTime? Time(this XElement? time, TimeZoneInfo zone) => CdaTime.Parse(time.Text("value"), zone);

    /// <summary>Begin and end of an interval; one value is its begin.</summary>
    public static (CdaTime? Start, CdaTime? End) Interval(this XElement? interval, TimeZoneInfo zone) =>
        (interval.Child("low").Time(zone) ?? interval.Time(zone), interval.Child("high").Time(zone));

    public static JsonObject? Period(this XElement? interval, TimeZoneInfo zone)
    {
        var (start, end) = interval.Interval(zone);
        return CdaJson.Of(("start", start?.ToDateTime()), ("end", end?.ToDateTime()));
    }

    /// <summary>A unit of UCUM, or one that somebody wrote.</summary>
    public static JsonObject? Quantity(this XElement? quantity)
    {
        if (quantity is null || Number(quantity.Text("value")) is not { } value)
            return null;
        return quantity.Text("unit") is { } unit && unit != "1"
            ? new JsonObject
            {
                ["value"] = value,
                ["unit"] = unit,
                ["system"] = "http://unitsofmeasure.org",
                ["code"] = unit,
            }
            : new JsonObject { ["value"] = value };
    }

    public static decimal? Number(string? text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
