namespace CareCoordination.Hl7v2.Senders;

/// <summary>What a code of a v2 table is in FHIR.</summary>
/// <param name="System">The code system; null where the element has codes of its own, as <c>gender</c>.</param>
public sealed record MappedCode(string Code, string? System = null, string? Display = null);
