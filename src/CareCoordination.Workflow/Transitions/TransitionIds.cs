using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CareCoordination.Workflow.Transitions;

/// <summary>
/// Ids made of what a message says: the same message, sent again or taken in by two nodes at once, makes the same resources.
/// </summary>
public static class TransitionIds
{
    private const int Bytes = 20;

    /// <summary>Of parts in their order, each with its length: no two lists run together into one text.</summary>
    public static string Of(params ReadOnlySpan<string?> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
            text.Append(CultureInfo.InvariantCulture, $"{part?.Length ?? -1}:{part}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, Bytes));
    }
}
