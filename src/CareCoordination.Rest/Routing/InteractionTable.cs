using System.Collections.Immutable;

namespace CareCoordination.Rest.Routing;

/// <summary>
/// Everything this server does, once: the HTTP endpoints, the entries of Bundles, the CapabilityStatement and the OpenAPI
/// document all come from here. https://hl7.org/fhir/R4/http.html
/// </summary>
public sealed record InteractionTable(ImmutableArray<InteractionDefinition> All);
