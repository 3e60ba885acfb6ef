using CareCoordination.Application.Answers;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Search;

namespace CareCoordination.Exchange.Operators;

/// <summary>One page of what operators are shown: a place in an order that only grows.</summary>
/// <param name="Self">The request, without its page.</param>
internal sealed record OperatorPage(int Count, long? Before, string Self)
{
    public static readonly OperationParameter CountParameter = new(
        "count",
        ["integer", "positiveInt", "decimal"],
        "How many a page."
    );

    public static readonly OperationParameter Cursor = new(
        PageToken.Parameter,
        ["string"],
        "The page, as a next link has it."
    );

    public static Result<OperatorPage> Read(OperationInput input)
    {
        var limits = input.Definitions.Limits;
        var wanted = input.Number("count") ?? limits.DefaultPageSize;
        if (wanted < 1)
            return Failure.Invalid(
                IssueCode.Value,
                "'count' is at least 1.",
                "Parameters.parameter.where(name = 'count')"
            );
        var query = input.Query.Without(PageToken.Parameter).Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value)}");
        var target =
            input.Operation.IsOnSystem ? ""
            : input.Key.Id.Length > 0 ? $"{input.Key}/"
            : $"{input.Key.Type}/";
        var page = new OperatorPage(
            (int)Math.Min(wanted, limits.MaxPageSize),
            null,
            $"{target}{input.Operation.Code}?{string.Join('&', query)}"
        );
        if (input.Text(PageToken.Parameter) is not { } token)
            return page;
        return PageToken.Read(token, page.Self).TryGet(out var cursor, out var failure)
            ? page with
            {
                Before = cursor.Key,
            }
            : failure;
    }

    /// <summary>The address of the page that follows; null where there is none.</summary>
    public static string? Next(long? next, string self, string baseUrl) =>
        next is { } before
            ? $"{baseUrl}/{self}{(self.EndsWith('?') ? "" : "&")}{PageToken.Parameter}={PageToken.Write(new PageCursor(null, before), self)}"
            : null;

    /// <summary>The id in <c>Task/7</c>, or the text where it is an id alone.</summary>
    public static string? IdOf(string? reference) => reference?[(reference.LastIndexOf('/') + 1)..];
}
