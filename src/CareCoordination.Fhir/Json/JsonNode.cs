namespace CareCoordination.Fhir.Json;

internal enum NodeKind : byte
{
    Object,
    Array,
    String,
    Number,
    True,
    False,
    Null,
}

/// <summary>
/// One value on the tape of a <see cref="ResourceDocument"/>. A container's children follow it; <see cref="Next"/> is
/// the node after its whole subtree, so siblings are walked without recursion.
/// </summary>
internal struct JsonNode
{
    /// <summary>Offset of the value in the UTF-8 text; of the opening quote for a string.</summary>
    public int Start;

    /// <summary>Length in bytes, quotes included.</summary>
    public int Length;

    /// <summary>Offset of the property name without its quote; 0 for array items and the root.</summary>
    public int NameStart;

    public int Parent;
    public int Next;
    public ushort NameLength;
    public NodeKind Kind;
    public bool IsEscaped;
}
