namespace CareCoordination.Fhir.Json;

/// <summary>
/// Where what is no reference leads: links SHALL be replaced as references are, in elements of type uri, url, oid and uuid and in narratives.
/// https://hl7.org/fhir/R4/http.html#trules
/// </summary>
/// <param name="OfElement">The new text of an element; null where it stays.</param>
/// <param name="OfNarrative">The new target of a link or an image; null where it stays.</param>
/// <param name="HasWebAddresses">False where only urns lead anywhere, so that nothing else has to be looked at in elements.</param>
public sealed record LinkTargets(
    Func<string, string?> OfElement,
    Func<string, string?> OfNarrative,
    bool HasWebAddresses
);
