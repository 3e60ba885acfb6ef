using System.Collections.Immutable;
using System.Text;

namespace CareCoordination.Fuzz;

/// <summary>One request as it will be sent, which is all that seed and number decide.</summary>
/// <param name="Target">Below the base, as it stands in the first line.</param>
/// <param name="Headers">Of the request, or of its body where they are of Content.</param>
/// <param name="Body">Null: none.</param>
public sealed record FuzzRequest(
    string Method,
    string Target,
    ImmutableArray<KeyValuePair<string, string>> Headers,
    string? Body
)
{
    private const int Shown = 2000;

    /// <summary>As a person reads it in a finding.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"{Method} {Short(Target)}");
        foreach (var (name, value) in Headers)
            text.Append('\n').Append(name).Append(": ").Append(Short(value));
        return Body is null ? text.ToString() : text.Append("\n\n").Append(Short(Body)).ToString();
    }

    private static string Short(string text) =>
        text.Length <= Shown ? text : $"{text[..Shown]}... ({text.Length} characters)";
}
