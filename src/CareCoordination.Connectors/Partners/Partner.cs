namespace CareCoordination.Connectors.Partners;

/// <summary>Somebody referrals are sent to: an Endpoint resource and what the configuration says about it.</summary>
/// <param name="Id">The id of the Endpoint resource. https://hl7.org/fhir/R4/endpoint.html</param>
/// <param name="Address"><c>Endpoint.address</c>: the base URL of a FHIR server, or <c>mllp://host:port</c>.</param>
public sealed record Partner(string Id, Uri Address, PartnerOptions Options);
