using System.Collections.Immutable;
using CareCoordination.Application.Operations;
using CareCoordination.Exchange.Messages;
using CareCoordination.Exchange.Operators;

namespace CareCoordination.Exchange;

/// <summary>The operations for operators: of partners and their messages, and of what hospitals send.</summary>
public static class PartnerOperations
{
    public static readonly ImmutableArray<Operation> All =
    [
        ListDeliveries.Operation,
        ReplayDeliveries.Operation,
        ParkDeliveries.Operation,
        EndDeliveries.Operation,
        ShowPartnerHealth.Operation,
        ProbePartner.Operation,
        PollPartner.Operation,
        RefreshReferral.Operation,
        DrainPartner.Operation,
        ResumePartner.Operation,
        ListInbound.Operation,
        ReapplyInbound.Operation,
        ListMessages.Operation,
        ReplayMessage.Operation,
        DiscardMessage.Operation,
    ];
}
