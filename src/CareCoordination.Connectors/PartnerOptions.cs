namespace CareCoordination.Connectors;

/// <summary>How a partner takes referrals.</summary>
public enum ReferralStrategy
{
    /// <summary>POST and PUT of the Task at the partner's FHIR server; the partner reads the rest from ours.</summary>
    TaskPush,

    /// <summary>The partner has only a client and works with the Task on our server; nothing is sent.</summary>
    DirectLight,

    /// <summary>A transaction Bundle with the ServiceRequest, the Task and what they refer to.</summary>
    TransactionBundle,

    /// <summary>A message Bundle to <c>$process-message</c>.</summary>
    MessageBundle,

    /// <summary>The Task alone as a notice; the partner pulls.</summary>
    NotifyAndPull,

    /// <summary>HL7 v2 REF^I12 over MLLP.</summary>
    Hl7V2,
}

/// <summary>
/// Typed options of one partner: section <c>Partners:{Endpoint id}</c>. An Endpoint with nothing here works with these defaults.
/// </summary>
public sealed record PartnerOptions
{
    public static readonly PartnerOptions Defaults = new();

    public ReferralStrategy Strategy { get; init; } = ReferralStrategy.TaskPush;

    /// <summary>The name of the status map: <c>r4</c>, <c>gravity</c> or <c>bser</c>.</summary>
    public string Profile { get; init; } = "r4";
}
