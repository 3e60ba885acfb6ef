using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Payloads;

namespace CareCoordination.Connectors.Strategies.NotifyAndPull;

/// <summary>
/// The Task as a notice: who asks whom to do which request, and nothing of why. The rest is read here, by those who are authorised.
/// https://hl7.org/fhir/us/bser/transport_options.html
/// </summary>
internal static class NoticePayload
{
    public static readonly string[] StaysHere =
    [
        "text",
        "contained",
        "description",
        "reasonCode",
        "reasonReference",
        "insurance",
        "note",
        "relevantHistory",
        "input",
    ];

    /// <summary>References whose names would tell of whom and why.</summary>
    private static readonly string[] Unnamed = ["for", "focus"];

    public static byte[] Build(ReferralPackage package, Uri partner)
    {
        var notice = JsonNode.Parse(Whole(package, partner))!;
        foreach (var name in Unnamed)
            (notice[name] as JsonObject)?.Remove("display");
        return Encoding.UTF8.GetBytes(notice.ToJsonString());
    }

    private static byte[] Whole(ReferralPackage package, Uri partner) =>
        OutgoingResource.Write(
            package.Task,
            package.OwnBase,
            Addresses.Absolute(package.OwnBase, partner),
            id: null,
            StaysHere
        );
}
