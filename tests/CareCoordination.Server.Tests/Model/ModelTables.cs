namespace CareCoordination.Server.Tests.Model;

/// <summary>
/// Which status may follow which, written down a second time: by plain writes, and by each command. What the server does is held
/// against these and not against its own tables.
/// </summary>
internal static class ModelTables
{
    public const string Voided = "entered-in-error";

    private static readonly Dictionary<string, Dictionary<string, string[]>> Plain = new(StringComparer.Ordinal)
    {
        ["Task"] = Read(
            """
            draft: requested ready on-hold cancelled
            requested: received accepted rejected on-hold cancelled
            received: requested accepted rejected on-hold cancelled
            accepted: rejected in-progress on-hold failed completed cancelled
            ready: in-progress on-hold cancelled
            in-progress: ready on-hold failed completed cancelled
            on-hold: draft requested received accepted ready in-progress failed completed cancelled
            rejected:
            cancelled:
            failed:
            completed:
            """
        ),
        ["CarePlan"] = Read(
            """
            draft: active revoked
            active: on-hold revoked completed
            on-hold: active revoked completed
            revoked:
            completed:
            """
        ),
        ["Goal"] = Read(
            """
            proposed: planned accepted cancelled rejected
            planned: accepted active cancelled rejected
            accepted: active on-hold cancelled
            active: on-hold completed cancelled
            on-hold: active completed cancelled
            completed: active
            cancelled:
            rejected:
            """
        ),
        ["EpisodeOfCare"] = Read(
            """
            planned: waitlist active cancelled
            waitlist: planned active cancelled
            active: onhold finished cancelled
            onhold: active finished cancelled
            finished:
            cancelled:
            """
        ),
    };

    /// <summary>Command, from, to; the target of <c>resume</c> of a task is where its hold began.</summary>
    private static readonly Dictionary<string, (string Command, string[] From, string To)[]> Commands = new(
        StringComparer.Ordinal
    )
    {
        ["Task"] =
        [
            ("accept", ["requested", "received"], "accepted"),
            ("reject", ["requested", "received", "accepted"], "rejected"),
            ("start", ["accepted", "ready"], "in-progress"),
            ("stop", ["in-progress"], "ready"),
            ("hold", ["draft", "requested", "received", "accepted", "ready", "in-progress"], "on-hold"),
            ("resume", ["on-hold"], "in-progress"),
            ("complete", ["accepted", "in-progress", "on-hold"], "completed"),
            ("fail", ["accepted", "in-progress", "on-hold"], "failed"),
            ("cancel", ["draft", "requested", "received", "accepted", "ready", "in-progress", "on-hold"], "cancelled"),
            ("reopen", ["failed", "completed"], "in-progress"),
        ],
        ["CarePlan"] =
        [
            ("activate", ["draft", "on-hold"], "active"),
            ("hold", ["active"], "on-hold"),
            ("resume", ["on-hold"], "active"),
            ("revoke", ["draft", "active", "on-hold"], "revoked"),
            ("close", ["active", "on-hold"], "completed"),
            ("reopen", ["revoked", "completed"], "active"),
        ],
        ["Goal"] =
        [
            ("accept", ["proposed", "planned"], "accepted"),
            ("reject", ["proposed", "planned"], "rejected"),
            ("activate", ["planned", "accepted"], "active"),
            ("hold", ["accepted", "active"], "on-hold"),
            ("resume", ["on-hold"], "active"),
            ("complete", ["active", "on-hold"], "completed"),
            ("cancel", ["proposed", "planned", "accepted", "active", "on-hold"], "cancelled"),
            ("reopen", ["completed"], "active"),
        ],
        ["EpisodeOfCare"] = [],
    };

    public static string[] Statuses(string type) => [.. Plain[type].Keys, Voided];

    public static string[] CommandsOf(string type) => [.. Commands[type].Select(c => c.Command)];

    /// <summary>Where a command leads; null where it is not legal.</summary>
    public static string? After(string type, string from, string command) =>
        Commands[type].Where(c => c.Command == command && c.From.Contains(from)).Select(c => c.To).FirstOrDefault();

    /// <summary>What a plain write may make of a status.</summary>
    /// <param name="heldFrom">Of a task on hold: where it was before, and where alone it resumes.</param>
    public static string[] Allowed(string type, string from, string? heldFrom) =>
        from == Voided
            ? []
            : [.. Plain[type][from].Where(to => heldFrom is null || to == heldFrom || IsEnd(to)), Voided];

    /// <summary>True where any way leads from one status to the other: by a plain write or by a command.</summary>
    public static bool IsStep(string type, string from, string to) =>
        Allowed(type, from, null).Contains(to)
        || Commands[type].Any(c => c.From.Contains(from) && c.To == to)
        // A plan that begins asks for its drafts.
        || (type, from, to) is ("Task", "draft", "requested");

    public static bool IsOver(string status) =>
        status is "rejected" or "cancelled" or "failed" or "completed" or "finished" or "revoked" or Voided;

    private static bool IsEnd(string status) => status is "failed" or "completed" or "cancelled" or Voided;

    private static Dictionary<string, string[]> Read(string table) =>
        table
            .Split('\n')
            .Select(line => line.Split(':'))
            .ToDictionary(
                row => row[0].Trim(),
                row => row[1].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
                StringComparer.Ordinal
            );
}
