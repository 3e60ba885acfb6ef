using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Validation.Rules;

/// <summary>bdl-1 to bdl-12: what a Bundle of each type has. https://hl7.org/fhir/R4/bundle.html#invs</summary>
internal sealed class BundleRule : Rule
{
    public override void Check(RuleContext context, JsonValue value)
    {
        var type =
            value.TryGetProperty("type"u8, out var typeValue) && typeValue.Kind == JsonValueKind.String
                ? typeValue.GetString()
                : "";
        if (value.TryGetProperty("total"u8, out var total) && type is not "searchset" and not "history")
            context.Report(total, IssueCode.Invariant, "bdl-1: only a searchset or history has a total; remove it.");
        if (type == "document")
            CheckDocument(context, value);
        if (!value.TryGetProperty("entry"u8, out var entries) || entries.Kind != JsonValueKind.Array)
            return;

        var isFirst = true;
        var urls = new HashSet<(string, string)>();
        foreach (var entry in entries)
        {
            if (isFirst)
                CheckFirst(context, entry, type);
            isFirst = false;
            CheckEntry(context, entry, type);
            if (type != "history")
                CheckFullUrl(context, entry, urls);
            CheckIdentity(context, entry, type);
        }
    }

    public override string ToString() => "bdl-1 to bdl-12: entries, requests and responses by type";

    private static void CheckDocument(RuleContext context, JsonValue bundle)
    {
        if (
            !bundle.TryGetProperty("identifier"u8, out var identifier)
            || !identifier.TryGetProperty("system"u8, out _)
            || !identifier.TryGetProperty("value"u8, out _)
        )
            context.Report(
                bundle,
                IssueCode.Invariant,
                "bdl-9: a document has an identifier with system and value; add it.",
                "identifier"
            );
        if (!bundle.TryGetProperty("timestamp"u8, out _))
            context.Report(bundle, IssueCode.Invariant, "bdl-10: a document has a date; add timestamp.", "timestamp");
    }

    private static void CheckFirst(RuleContext context, JsonValue entry, string type)
    {
        var (expected, key) = type switch
        {
            "document" => ("Composition", "bdl-11"),
            "message" => ("MessageHeader", "bdl-12"),
            _ => ("", ""),
        };
        if (expected.Length == 0)
            return;
        var isExpected =
            entry.TryGetProperty("resource"u8, out var resource)
            && resource.TryGetProperty("resourceType"u8, out var name)
            && name.GetString() == expected;
        if (!isExpected)
            context.Report(entry, IssueCode.Invariant, $"{key}: the first entry of a {type} is a {expected}.");
    }

    private static void CheckEntry(RuleContext context, JsonValue entry, string type)
    {
        var hasRequest = entry.TryGetProperty("request"u8, out var request);
        var hasResponse = entry.TryGetProperty("response"u8, out var response);
        var needsRequest = type is "batch" or "transaction" or "history";
        var needsResponse = type is "batch-response" or "transaction-response" or "history";

        if (needsRequest && !hasRequest)
            context.Report(
                entry,
                IssueCode.Invariant,
                $"bdl-3: an entry of a {type} says what to do; add request.",
                "request"
            );
        else if (hasRequest && !needsRequest)
            context.Report(
                request,
                IssueCode.Invariant,
                $"bdl-3: only entries of a batch, transaction or history have a request; remove it."
            );
        if (needsResponse && !hasResponse)
            context.Report(
                entry,
                IssueCode.Invariant,
                $"bdl-4: an entry of a {type} says what came of it; add response.",
                "response"
            );
        else if (hasResponse && !needsResponse)
            context.Report(
                response,
                IssueCode.Invariant,
                $"bdl-4: only entries of a batch-response, transaction-response or history have a response; remove it."
            );
        if (type != "searchset" && entry.TryGetProperty("search"u8, out var search))
            context.Report(search, IssueCode.Invariant, "bdl-2: only entries of a searchset have search; remove it.");
        if (!hasRequest && !hasResponse && !entry.TryGetProperty("resource"u8, out _))
            context.Report(
                entry,
                IssueCode.Invariant,
                "bdl-5: an entry has a resource, a request or a response; add one."
            );
    }

    /// <summary>
    /// A fullUrl that names a resource names the one of the entry, but where that is to be created and gets its id then.
    /// What is carried out must not be about two resources; examples of R4 itself are, which are warned of.
    /// https://hl7.org/fhir/R4/bundle-definitions.html#Bundle.entry.fullUrl
    /// </summary>
    private static void CheckIdentity(RuleContext context, JsonValue entry, string type)
    {
        if (
            !entry.TryGetProperty("fullUrl"u8, out var fullUrl)
            || fullUrl.Kind != JsonValueKind.String
            || !entry.TryGetProperty("resource"u8, out var resource)
            || !resource.TryGetProperty("id"u8, out var id)
            || id.Kind != JsonValueKind.String
            || IsCreation(entry)
            || !ReferenceText.TrySplit(
                fullUrl.StringUtf8,
                context.Schema,
                out var target,
                out var named,
                out var isRelative
            )
            || isRelative
        )
            return;
        if (
            !named.SequenceEqual(id.StringUtf8)
            || (resource.TryGetProperty("resourceType"u8, out var name) && !name.StringEquals(target.Utf8Name.Span))
        )
            context.Report(
                fullUrl,
                IssueCode.Value,
                "The fullUrl names another resource than this entry holds; send the URL of the resource, or urn:uuid:.",
                type is "batch" or "transaction" ? IssueSeverity.Error : IssueSeverity.Warning
            );
    }

    private static bool IsCreation(JsonValue entry) =>
        entry.TryGetProperty("request"u8, out var request)
        && request.TryGetProperty("method"u8, out var method)
        && method.StringEquals("POST"u8);

    private static void CheckFullUrl(RuleContext context, JsonValue entry, HashSet<(string, string)> urls)
    {
        if (!entry.TryGetProperty("fullUrl"u8, out var fullUrl) || fullUrl.Kind != JsonValueKind.String)
            return;
        var url = fullUrl.GetString();
        // Not refused: senders do it, and what such an entry means is clear.
        if (!url.Contains(':', StringComparison.Ordinal))
            context.Report(
                fullUrl,
                IssueCode.Value,
                "A fullUrl is absolute: send http(s)://, urn:uuid: or urn:oid:.",
                IssueSeverity.Warning
            );
        if (url.Contains("/_history/", StringComparison.Ordinal))
            context.Report(
                fullUrl,
                IssueCode.Invariant,
                "bdl-8: a fullUrl names no version; remove /_history/ and what follows."
            );
        var version =
            entry.TryGetProperty("resource"u8, out var resource)
            && resource.TryGetProperty("meta"u8, out var meta)
            && meta.TryGetProperty("versionId"u8, out var versionId)
                ? versionId.GetString()
                : "";
        if (!urls.Add((url, version)))
            context.Report(
                fullUrl,
                IssueCode.Invariant,
                "bdl-7: another entry has this fullUrl; give each entry its own."
            );
    }
}
