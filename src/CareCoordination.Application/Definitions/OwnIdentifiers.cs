using System.Text.Json.Nodes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Referrals;

namespace CareCoordination.Application.Definitions;

/// <summary>
/// The identifiers under which others know what is here: the address of the type at this server is their system, the id their value.
/// </summary>
internal static class OwnIdentifiers
{
    /// <summary>Of the documents that are made here, of referrals, and of what goes along with them.</summary>
    private static readonly string[] Types =
    [
        ResourceTypes.Bundle,
        ResourceTypes.ServiceRequest,
        ResourceTypes.Task,
        .. ReferralClosure.DefaultTypes,
    ];

    public static IEnumerable<BuiltIn> All =>
        Types.Select(type => new BuiltIn(new(ResourceTypes.NamingSystem, type), baseUrl => Write(type, baseUrl)));

    /// <summary>https://hl7.org/fhir/R4/namingsystem.html</summary>
    private static byte[] Write(string type, string baseUrl)
    {
        var meaning =
            $"The ids of this server's resources of type {type}, as messages to partners and documents carry them.";
        return OwnResource.ToUtf8Json(
            new JsonObject
            {
                ["resourceType"] = ResourceTypes.NamingSystem,
                ["id"] = type,
                ["text"] = OwnResource.Narrative($"{type} ids", meaning),
                ["name"] = $"{type}Ids",
                ["status"] = "active",
                ["kind"] = "identifier",
                ["date"] = "2026-11-29",
                ["publisher"] = OwnResource.Publisher,
                ["description"] = meaning,
                ["uniqueId"] = new JsonArray(
                    new JsonObject
                    {
                        ["type"] = "uri",
                        ["value"] = $"{baseUrl}/{type}",
                        ["preferred"] = true,
                    }
                ),
            }
        );
    }
}
