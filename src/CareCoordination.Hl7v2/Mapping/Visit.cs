using System.Text.Json.Nodes;
using CareCoordination.Hl7v2.DataTypes;

namespace CareCoordination.Hl7v2.Mapping;

/// <summary>Whom and what stay a message is about, as references.</summary>
internal sealed record Visit(string Patient, string Encounter);

/// <summary>The profiles of the Da Vinci notifications.</summary>
internal static class AlertsProfile
{
    public static JsonObject? Meta(string name) =>
        FhirJson.Object(
            ("profile", FhirJson.Array("http://hl7.org/fhir/us/davinci-alerts/StructureDefinition/" + name))
        );
}
