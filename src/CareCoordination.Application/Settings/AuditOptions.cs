namespace CareCoordination.Application.Settings;

/// <summary>When the audit rows of what writes nothing are durable: of reads, searches and refusals.</summary>
public enum AuditReads
{
    /// <summary>They have none, only their lines in the log.</summary>
    Off,

    /// <summary>Within 50 ms of the answer, many in one transaction.</summary>
    Batched,

    /// <summary>Before the answer is sent.</summary>
    BeforeAnswer,
}

/// <summary>What the audit trail keeps, and for how long: section <c>Audit</c>. Writes always have their rows, in their own transaction.</summary>
public sealed record AuditOptions
{
    /// <summary>Accountings of disclosures reach back so far: 45 CFR 164.528. https://www.ecfr.gov/current/title-45/section-164.528</summary>
    public const int LeastYears = 6;

    public AuditReads Reads { get; init; } = AuditReads.Batched;

    /// <summary>After which rows are removed, the oldest first.</summary>
    public int KeepYears { get; init; } = LeastYears;

    /// <summary>Rows that may wait to be written; whoever asks for more waits until there is room.</summary>
    public int MaxWaiting { get; init; } = 10_000;

    /// <summary>By which name rows tell which node answered.</summary>
    public string Node { get; init; } = Environment.MachineName;

    /// <param name="isOpen">Nobody is asked who they are, so that rows of reads would tell nothing: there are none unless they are asked for.</param>
    public static AuditOptions Read(IConfiguration configuration, bool isOpen)
    {
        var section = new OptionsSection(configuration, "Audit");
        var defaults = new AuditOptions { Reads = isOpen ? AuditReads.Off : AuditReads.Batched };
        var options = new AuditOptions
        {
            Reads = ReadsOf(section.Text(nameof(Reads)), isOpen) ?? defaults.Reads,
            KeepYears = section.Number(nameof(KeepYears), defaults.KeepYears, LeastYears, 100),
            MaxWaiting = section.Number(nameof(MaxWaiting), defaults.MaxWaiting, 100, 1_000_000),
            Node = section.Text(nameof(Node)) ?? defaults.Node,
        };
        section.RefuseOthers();
        return options.Node.Length <= 64
            ? options
            : throw new ConfigurationProblem("Audit:Node is too long: give the node a name of at most 64 characters.");
    }

    private static AuditReads? ReadsOf(string? text, bool isOpen)
    {
        if (text is null)
            return null;
        if (
            !Enum.TryParse<AuditReads>(text, ignoreCase: true, out var reads)
            || !Enum.IsDefined(reads)
            || char.IsDigit(text[0])
        )
            throw new ConfigurationProblem(
                $"Audit:Reads is '{text}'; it must be one of {string.Join(", ", Enum.GetNames<AuditReads>())}."
            );
        return reads == AuditReads.Off && !isOpen
            ? throw new ConfigurationProblem(
                "Audit:Reads is Off, which only an open server may be: choose Batched or BeforeAnswer."
            )
            : reads;
    }
}
