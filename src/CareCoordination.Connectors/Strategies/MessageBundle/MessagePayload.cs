using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Payloads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Connectors.Strategies.MessageBundle;

/// <summary>
/// A message Bundle with the whole referral, for a partner that cannot or may not read from us: BSeR's push. Ids are those of the
/// delivery, so that a repeat is the same message. https://hl7.org/fhir/us/bser/transport_options.html
/// </summary>
internal static class MessagePayload
{
    private const string Events = "http://terminology.hl7.org/CodeSystem/v2-0003";

    public static byte[] Build(ReferralPackage package, Uri partner)
    {
        var own = OwnIdentifier.Base(package.OwnBase);
        var absolute = Addresses.Absolute(package.OwnBase, partner);
        var task = TaskView.From(OutgoingResource.Parse(package.Task));
        var request = ServiceRequestView.From(OutgoingResource.Parse(package.Request));
        var sender = Role(package, "sender", task.Requester, request.Requester);
        var receiver = Role(package, "receiver", task.Owner, request.Performer.FirstOrDefault());
        var header = new MessageHeaderEditor
        {
            Id = package.DeliveryId,
            EventCoding =
            {
                System = Events,
                Code = "I12",
                Display = "REF/RRI - Patient referral",
            },
            Destination =
            {
                new()
                {
                    Endpoint = partner.AbsoluteUri,
                    Receiver = { Reference = absolute(receiver.Reference) ?? receiver.Reference },
                },
            },
            Sender = { Reference = absolute(sender.Reference) ?? sender.Reference },
            Source = { Name = "CareCoordination", Endpoint = own },
            Reason = CodeableConceptEditor.Of(Events, "I12"),
            Focus = { new() { Reference = $"{own}/{package.Task.Key}" } },
        };
        var bundle = new BundleEditor
        {
            Id = package.DeliveryId,
            Type = BundleTypeCodes.Message,
            Timestamp = task.Meta.LastUpdated,
            Entry =
            {
                new() { FullUrl = $"urn:uuid:{package.DeliveryId}", Resource = header },
            },
        };
        foreach (var member in (IEnumerable<Snapshot>)[package.Task, package.Request, .. package.Supporting])
        {
            var entry = new BundleEntryEditor { FullUrl = $"{own}/{member.Key}" };
            entry.SetJson("resource", OutgoingResource.Write(member, package.OwnBase, absolute, member.Key.Id));
            bundle.Entry.Add(entry);
        }

        foreach (var role in (IEnumerable<RoleOf>)[sender, receiver])
        {
            if (role.Made is { } made)
                bundle.Entry.Add(Made(role.Reference, made, absolute));
        }

        return bundle.ToUtf8Json();
    }

    /// <summary>
    /// Sender and receiver are PractitionerRoles in BSeR. Where the Task names an organisation or a person, a role of theirs is made for
    /// the message.
    /// </summary>
    private static RoleOf Role(ReferralPackage package, string part, ReferenceView first, ReferenceView second)
    {
        foreach (var reference in (ReadOnlySpan<ReferenceView>)[first, second])
        {
            if (reference.Literal is { Type: ResourceTypes.PractitionerRole })
                return new RoleOf(reference.Reference!, null);
        }

        var party = first.Reference is null ? second : first;
        return new RoleOf(StableUuid.Urn($"{package.DeliveryId}/{part}"), party);
    }

    private static BundleEntryEditor Made(string urn, ReferenceView party, Func<string, string?> absolute)
    {
        var role = new PractitionerRoleEditor { Id = urn["urn:uuid:".Length..] };
        var reference = new ReferenceEditor
        {
            Reference = party.Reference is { } text ? absolute(text) ?? text : null,
            Display = party.Display,
        };
        if (party.Literal.Type == ResourceTypes.Practitioner)
            role.Practitioner = reference;
        else
            role.Organization = reference;
        return new BundleEntryEditor { FullUrl = urn, Resource = role };
    }

    private readonly record struct RoleOf(string Reference, ReferenceView? Made);
}
