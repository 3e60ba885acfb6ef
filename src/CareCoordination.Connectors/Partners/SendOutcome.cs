namespace CareCoordination.Connectors.Partners;

/// <summary>What became of one attempt to tell a partner.</summary>
public abstract record SendOutcome
{
    private SendOutcome() { }

    /// <summary>The partner has it.</summary>
    /// <param name="Reference">The partner's copy of the Task, absolute or relative to its base; null where it gives none.</param>
    /// <param name="Version">Its version id, or the entity tag without quotes.</param>
    public sealed record Delivered(string? Reference, string? Version) : SendOutcome
    {
        /// <summary>The partner's copy as it answered, where it did.</summary>
        public ReadOnlyMemory<byte> Task { get; init; }

        /// <summary>A remark for operators; null where there is none.</summary>
        public string? Remark { get; init; }
    }

    /// <summary>It may have arrived or not: sending it again later is right and harmless.</summary>
    /// <param name="Problem">A sentence without patient data.</param>
    /// <param name="Status">The partner's HTTP status; null where there was none.</param>
    /// <param name="RetryAfter">How long the partner asked to wait.</param>
    public sealed record TryLater(string Problem, int? Status, TimeSpan? RetryAfter) : SendOutcome;

    /// <summary>Sending the same again cannot help: data or settings have to be corrected.</summary>
    /// <param name="Answer">The partner's OperationOutcome, where it sent one.</param>
    public sealed record NeedsHuman(string Problem, int? Status, ReadOnlyMemory<byte> Answer) : SendOutcome
    {
        /// <summary>The partner refuses referrals of all kinds in a row just now: it may be the partner that is not well.</summary>
        public bool IsWidespread { get; init; }
    }

    /// <summary>
    /// It collided with something at the partner that is not this Task: another request to the same patient, a lock. Soon it may pass.
    /// </summary>
    /// <param name="Answer">The partner's OperationOutcome, where it sent one.</param>
    public sealed record Collided(string Problem, int? Status, ReadOnlyMemory<byte> Answer) : SendOutcome;

    /// <summary>The partner's copy was changed meanwhile (409, 412): what it is now has to be applied first.</summary>
    public sealed record ChangedThere(PartnerTask Current) : SendOutcome;
}

/// <summary>A partner's copy of a Task, as a read, a search or an answer brought it.</summary>
/// <param name="Reference">Relative to the partner's base: <c>Task/7</c>.</param>
/// <param name="Version">Its version id.</param>
/// <param name="Task">Its bytes.</param>
public sealed record PartnerTask(string Reference, string? Version, ReadOnlyMemory<byte> Task);
