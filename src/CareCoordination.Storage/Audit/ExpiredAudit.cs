using System.Collections.Immutable;
using CareCoordination.Storage.Rows;

namespace CareCoordination.Storage.Audit;

/// <summary>The oldest links of the audit trail's chain, in their order, none of them empty: what follows is verified from the last of them.</summary>
internal sealed record ExpiredAudit(ImmutableArray<ChainLink> Links) : Expired
{
    public AuditHead Cut => Links[^1].Head;
}
