namespace CareCoordination.Application.Requests;

/// <summary>What a write is answered with. https://hl7.org/fhir/R4/http.html#ops</summary>
public enum ReturnPreference
{
    Unstated,
    Minimal,
    Representation,
    OperationOutcome,
}

/// <summary>
/// The Prefer header. https://hl7.org/fhir/R4/http.html#return, https://hl7.org/fhir/R4/search.html#errors
/// </summary>
/// <param name="IsLenient">Unknown search parameters are left out with a warning; without it they are errors.</param>
public sealed record Preferences(ReturnPreference Return, bool IsLenient)
{
    /// <summary><c>respond-async</c>: the work may go on after the answer. https://www.rfc-editor.org/rfc/rfc7240#section-4.1</summary>
    public bool RespondsLater { get; init; }

    public static readonly Preferences None = new(ReturnPreference.Unstated, IsLenient: false);

    /// <summary>
    /// Reads a header value: names and values in any case, values in quotes or without, the first of several with one name. What is not
    /// known here is passed over. https://www.rfc-editor.org/rfc/rfc7240#section-2
    /// </summary>
    public static Preferences Parse(string header)
    {
        ReturnPreference? wanted = null;
        bool? isLenient = null;
        var respondsLater = false;
        // FHIR's clients put semicolons between preferences as well, where RFC 7240 has their parameters.
        foreach (var part in Parts(header))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            respondsLater |= part.Equals("respond-async", StringComparison.OrdinalIgnoreCase);
            if (equals < 0)
                continue;
            var value = part[(equals + 1)..].Trim().Trim('"').ToLowerInvariant();
            switch (part[..equals].TrimEnd().ToLowerInvariant())
            {
                case "return":
                    wanted ??= ParseReturn(value);
                    break;
                case "handling":
                    isLenient ??= value switch
                    {
                        "lenient" => true,
                        "strict" => false,
                        _ => null,
                    };
                    break;
            }
        }

        return wanted is null && isLenient is null && !respondsLater
            ? None
            : new Preferences(wanted ?? ReturnPreference.Unstated, isLenient ?? false)
            {
                RespondsLater = respondsLater,
            };
    }

    private static ReturnPreference? ParseReturn(string value) =>
        value switch
        {
            "minimal" => ReturnPreference.Minimal,
            "representation" => ReturnPreference.Representation,
            "operationoutcome" => ReturnPreference.OperationOutcome,
            _ => null,
        };

    /// <summary>The trimmed parts between commas and semicolons that are not inside quotes.</summary>
    private static List<string> Parts(string header)
    {
        var parts = new List<string>();
        var (start, isQuoted) = (0, false);
        for (var i = 0; i <= header.Length; i++)
        {
            if (i < header.Length && header[i] == '"')
                isQuoted = !isQuoted;
            if (i < header.Length && (isQuoted || header[i] is not (',' or ';')))
                continue;
            parts.Add(header[start..i].Trim());
            start = i + 1;
        }

        return parts;
    }
}
