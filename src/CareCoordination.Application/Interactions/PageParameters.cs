using System.Globalization;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Search.Types;

namespace CareCoordination.Application.Interactions;

/// <summary>
/// The parameters that paged answers other than searches have in common: <c>_count</c>, <c>_since</c> and the page.
/// </summary>
/// <param name="Token">The page asked for; null: the first.</param>
/// <param name="Projection">Which part of each resource is wanted.</param>
/// <param name="SelfQuery">All parameters but the page, in one canonical order.</param>
internal sealed record PageParameters(
    int Count,
    DateTimeOffset? Since,
    string? Token,
    Projection Projection,
    string SelfQuery
)
{
    public static Result<PageParameters> Parse(
        InteractionRequest request,
        FhirDefinitions definitions,
        params ReadOnlySpan<string> others
    )
    {
        var limits = definitions.Limits;
        var count = limits.DefaultPageSize;
        DateTimeOffset? since = null;
        string? token = null;
        var self = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, value) in request.Query)
        {
            if (!seen.Add(name) && name is not ("_type" or "_format" or "_pretty"))
                return Failure.Invalid(IssueCode.Value, $"'{Short(name)}' is given twice; give it once.");
            switch (name)
            {
                case "_count"
                    when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 0:
                    count = Math.Min(count, limits.MaxPageSize);
                    break;
                case "_count":
                    return Failure.Invalid(IssueCode.Value, "_count is a whole number from 1.");
                case "_since":
                    if (!PointInTime.Since(value).TryGet(out var instant, out var noInstant))
                        return noInstant;
                    since = instant;
                    self.Add($"_since={Uri.EscapeDataString(DateParameter.WithPlus(value))}");
                    break;
                case PageToken.Parameter:
                    token = value;
                    break;
                case "_format" or "_pretty":
                    break;
                case "_summary" or "_elements":
                    self.Add($"{name}={Uri.EscapeDataString(value)}");
                    break;
                default:
                    if (!others.Contains(name))
                    {
                        if (request.Preferences.IsLenient)
                            break;
                        return Failure.Invalid(
                            IssueCode.NotSupported,
                            $"The parameter '{Short(name)}' is not known here. Prefer: handling=lenient leaves it out."
                        );
                    }

                    self.Add($"{name}={Uri.EscapeDataString(value)}");
                    break;
            }
        }

        if (!Projection.Parse(request.Query).TryGet(out var projection, out var failure))
            return failure;
        self.Sort(StringComparer.Ordinal);
        self.Insert(0, string.Create(CultureInfo.InvariantCulture, $"_count={count}"));
        return new PageParameters(count, since, token, projection, string.Join('&', self));
    }

    private static string Short(string name) => name.Length > 64 ? name[..64] + "..." : name;
}
