namespace CareCoordination.Fhir.Search;

/// <summary>
/// The name of a query parameter, split: <c>code[:modifier][.chain]</c>. In <c>subject:Patient.name:exact</c> the chain is
/// <c>name:exact</c>, and in <c>subject:Patient.organization.name</c> it is <c>organization.name</c>. https://hl7.org/fhir/R4/search.html#modifiers, https://hl7.org/fhir/R4/search.html#chaining
/// </summary>
internal readonly record struct ParameterName(string Code, string? Modifier, string? Chain)
{
    public static ParameterName Split(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var head = dot < 0 ? name : name[..dot];
        var chain = dot < 0 ? null : name[(dot + 1)..];
        var colon = head.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new(head, null, chain) : new(head[..colon], head[(colon + 1)..], chain);
    }
}
