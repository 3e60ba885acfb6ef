namespace CareCoordination.Workflow.Decisions;

/// <summary>A code of a code system of this server.</summary>
public sealed record OwnCode(string Code, string Display, string Meaning)
{
    /// <summary>With the code as words for its display: <c>Close loop</c> of <c>close-loop</c>.</summary>
    public OwnCode(string code, string meaning)
        : this(code, Words(code), meaning) { }

    private static string Words(string code)
    {
        var words = code.Replace('-', ' ');
        return char.ToUpperInvariant(words[0]) + words[1..];
    }
}
