using System.Text.Json;

namespace CareCoordination.Rest.Metadata;

/// <summary>What a CapabilityStatement says about security. https://hl7.org/fhir/R4/capabilitystatement-definitions.html#CapabilityStatement.rest.security</summary>
/// <param name="Description">Who may do what here, for people.</param>
/// <param name="IsSmart">True where requests need tokens of SMART App Launch.</param>
/// <param name="Addresses">Where apps get them; null while that is not known.</param>
public sealed record RestSecurity(string Description, bool IsSmart, Func<OAuthAddresses?> Addresses)
{
    private const string ServiceSystem = "http://terminology.hl7.org/CodeSystem/restful-security-service";

    /// <summary>Older apps look here for what stands in <c>.well-known/smart-configuration</c>. https://hl7.org/fhir/smart-app-launch/1.0.0/conformance/</summary>
    private const string OAuthExtension = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris";

    /// <summary>A server that asks nobody for anything.</summary>
    public static RestSecurity Open(string description) => new(description, IsSmart: false, () => null);

    internal void Write(Utf8JsonWriter json, OAuthAddresses? addresses)
    {
        json.WriteStartObject("security"u8);
        if (addresses is not null)
            WriteAddresses(json, addresses);
        if (IsSmart)
        {
            json.WriteBoolean("cors"u8, true);
            json.WriteStartArray("service"u8);
            json.WriteStartObject();
            json.WriteStartArray("coding"u8);
            json.WriteStartObject();
            json.WriteString("system"u8, ServiceSystem);
            json.WriteString("code"u8, "SMART-on-FHIR"u8);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteString("description"u8, Description);
        json.WriteEndObject();
    }

    private static void WriteAddresses(Utf8JsonWriter json, OAuthAddresses addresses)
    {
        json.WriteStartArray("extension"u8);
        json.WriteStartObject();
        json.WriteStartArray("extension"u8);
        Address(json, "authorize"u8, addresses.Authorize);
        Address(json, "token"u8, addresses.Token);
        Address(json, "introspect"u8, addresses.Introspect);
        Address(json, "revoke"u8, addresses.Revoke);
        json.WriteEndArray();
        json.WriteString("url"u8, OAuthExtension);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void Address(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? address)
    {
        if (address is null)
            return;
        json.WriteStartObject();
        json.WriteString("url"u8, name);
        json.WriteString("valueUri"u8, address);
        json.WriteEndObject();
    }
}

/// <summary>The endpoints of an authorization server; null: it has none.</summary>
public sealed record OAuthAddresses(string? Authorize, string? Token, string? Introspect, string? Revoke);
