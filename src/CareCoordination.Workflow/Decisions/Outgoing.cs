using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Workflow.Decisions;

/// <summary>
/// A partner has to be told about a Task. It says that, and not what: the content is taken from the resources when it leaves, so that
/// a later state replaces an earlier one and a consent that was withdrawn meanwhile holds it back.
/// </summary>
/// <param name="Partner">The id of the Endpoint.</param>
/// <param name="Task">The Task that the partner works on.</param>
/// <param name="Request">The ServiceRequest that it fulfils.</param>
public readonly record struct Outgoing(string Partner, ResourceKey Task, ResourceKey Request, OutgoingKind Kind)
{
    /// <summary>Of the messages about referrals, among all that leave.</summary>
    public const string Topic = "referral";
}

public enum OutgoingKind
{
    /// <summary>The referral goes out for the first time.</summary>
    Send,

    /// <summary>Something of it has changed.</summary>
    Update,

    /// <summary>It is called off.</summary>
    Cancel,
}
