using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Connectors.Payloads;

/// <summary>What references become on their way to a partner.</summary>
internal static class Addresses
{
    /// <summary>
    /// Ours become absolute, and the partner's own, which came back absolute, relative again. Contained ones stay.
    /// </summary>
    public static Func<string, string?> Absolute(Uri ownBase, Uri partner)
    {
        var own = OwnIdentifier.Base(ownBase) + "/";
        var theirs = partner.AbsoluteUri.TrimEnd('/') + "/";
        return text =>
            text.StartsWith(theirs, StringComparison.Ordinal) && Parse(text[theirs.Length..]).HasKey
                ? text[theirs.Length..]
            : Parse(text).Kind == ReferenceKind.Relative ? own + text
            : null;
    }

    public static LiteralReference Parse(string text) =>
        LiteralReference.Parse(text, static name => R4Definitions.Schema.IsResourceType(name));
}
