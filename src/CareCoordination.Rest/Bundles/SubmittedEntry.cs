using System.Text.Json;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Rest.Bundles;

/// <summary>One entry of a batch or transaction, as sent. https://hl7.org/fhir/R4/bundle-definitions.html#Bundle.entry</summary>
/// <param name="Resource">The resource's own bytes within the Bundle; empty where there is none.</param>
public sealed record SubmittedEntry(
    int Index,
    string? FullUrl,
    string Method,
    string Url,
    Conditions Conditions,
    ReadOnlyMemory<byte> Resource
)
{
    public string Expression => $"Bundle.entry[{Index}]";

    public static Result<SubmittedEntry> Read(JsonValue entry, int index)
    {
        if (
            !entry.TryGetProperty("request"u8, out var request)
            || Text(request, "method"u8) is not { } method
            || Text(request, "url"u8) is not { } url
        )
        {
            return Failure.Invalid(
                IssueCode.Required,
                "Every entry of a batch or transaction needs a request with method and url.",
                $"Bundle.entry[{index}].request"
            );
        }

        var conditions = new Conditions
        {
            IfMatch = Text(request, "ifMatch"u8),
            IfNoneMatch = Text(request, "ifNoneMatch"u8),
            IfModifiedSince = Text(request, "ifModifiedSince"u8),
            IfNoneExist = Text(request, "ifNoneExist"u8),
        };
        ReadOnlyMemory<byte> body = default;
        if (entry.TryGetProperty("resource"u8, out var resource))
            body = entry.Document.Utf8.Slice(resource.Start, resource.RawUtf8.Length);
        return new SubmittedEntry(index, Text(entry, "fullUrl"u8), method, url, conditions, body);
    }

    /// <summary>The failure as the Bundle's sender sees it: its expressions start at this entry.</summary>
    public Failure Locate(Failure failure) => failure with { Issues = [.. failure.Issues.Select(Locate)] };

    private Issue Locate(Issue issue)
    {
        if (issue.Expression is not { } expression)
            return issue with { Expression = Expression };
        var dot = expression.IndexOf('.', StringComparison.Ordinal);
        return issue with
        {
            Expression = dot < 0 ? $"{Expression}.resource" : $"{Expression}.resource{expression[dot..]}",
        };
    }

    private static string? Text(JsonValue parent, ReadOnlySpan<byte> name) =>
        parent.TryGetProperty(name, out var value) && value.Kind == JsonValueKind.String ? value.GetString() : null;
}
