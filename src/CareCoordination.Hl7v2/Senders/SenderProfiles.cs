using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.Senders;

/// <summary>All who may send. The first that recognises a message as its own has sent it: those that say more stand first.</summary>
public sealed class SenderProfiles(ImmutableArray<SenderProfile> all)
{
    public ImmutableArray<SenderProfile> All { get; } = all;

    /// <summary>
    /// Profiles from JSON: an array of objects as docs/hl7v2.md has them. What is wrong is told with its place, all of it at once.
    /// </summary>
    public static Result<SenderProfiles> Read(ReadOnlyMemory<byte> json) => new ProfileReader().Read(json);

    public bool TryFind(
        MessageHead head,
        [NotNullWhen(true)] out SenderProfile? sender,
        [NotNullWhen(false)] out Hl7Fault? fault
    )
    {
        sender = All.FirstOrDefault(s => s.Sends(head));
        fault = sender is null
            ? new Hl7Fault(
                ErrorCode.UnknownKeyIdentifier,
                new Hl7Place(SegmentName.Header, Field: 3),
                "The sender is not known by its application (MSH-3) and facility (MSH-4): it needs a profile."
            )
            : null;
        return sender is not null;
    }
}
