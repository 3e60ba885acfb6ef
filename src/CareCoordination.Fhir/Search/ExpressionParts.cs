namespace CareCoordination.Fhir.Search;

/// <summary>
/// The operands of a union in a search parameter's expression. R4 defines one parameter for many types by a union
/// (<c>AllergyIntolerance.code | Condition.code | ...</c>); a type indexes only the operands that start from it.
/// </summary>
internal static class ExpressionParts
{
    /// <summary>The operands of the top-level union, trimmed.</summary>
    public static List<string> Split(string expression)
    {
        var parts = new List<string>();
        var depth = 0;
        var quoted = false;
        var start = 0;
        for (var i = 0; i < expression.Length; i++)
        {
            switch (expression[i])
            {
                case '\'':
                    quoted = !quoted;
                    break;
                case '(' when !quoted:
                    depth++;
                    break;
                case ')' when !quoted:
                    depth--;
                    break;
                case '|' when !quoted && depth == 0:
                    parts.Add(expression[start..i].Trim());
                    start = i + 1;
                    break;
            }
        }

        parts.Add(expression[start..].Trim());
        parts.RemoveAll(part => part.Length == 0);
        return parts;
    }

    /// <summary>The part of <paramref name="expression"/> that can find something in this type; empty where there is none.</summary>
    public static string Narrow(string expression, string resourceType) =>
        string.Join(
            " | ",
            Split(expression).Select(part => Rooted(part, resourceType)).Where(part => StartsFrom(part, resourceType))
        );

    /// <summary>The type name an operand starts with: <c>Observation</c> of <c>(Observation.value as Quantity)</c>.</summary>
    public static string Root(string part)
    {
        var start = 0;
        while (start < part.Length && (part[start] == '(' || char.IsWhiteSpace(part[start])))
            start++;
        var end = start;
        while (end < part.Length && char.IsAsciiLetterOrDigit(part[end]))
            end++;
        return part[start..end];
    }

    /// <summary>InsurancePlan.name is written relative to its type.</summary>
    private static string Rooted(string part, string resourceType) =>
        char.IsAsciiLetterLower(part[0]) ? $"{resourceType}.{part}" : part;

    private static bool StartsFrom(string part, string resourceType) =>
        Root(part) is var root && (root == resourceType || root is "Resource" or "DomainResource");
}
