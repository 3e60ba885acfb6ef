namespace CareCoordination.Server.Tests.Model;

/// <summary>What the model knows of one resource.</summary>
/// <param name="HeldFrom">Of a task on hold: where it was.</param>
/// <param name="HeldBy">Of a task on hold: the parent or plan that holds it; null where it was held itself.</param>
internal sealed record Known(string Reference, string Status, string? HeldFrom = null, string? HeldBy = null)
{
    public string Type => Reference[..Reference.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>Of an episode.</summary>
    public string? Manager { get; init; }

    /// <summary>Of a goal: a person judged it, so that it may end as completed.</summary>
    public bool IsJudged { get; init; }
}

/// <summary>
/// Tasks with parts, a plan with members, goals and episodes of one patient: small enough to say what each step has to do.
/// A step that is refused is null, and changes nothing.
/// </summary>
internal sealed class CareModel
{
    private readonly Dictionary<string, Known> _all;

    /// <summary>Task to what it is part of.</summary>
    private readonly Dictionary<string, string> _parents;

    public CareModel(IEnumerable<Known> resources, Dictionary<string, string> parents)
        : this(resources.ToDictionary(r => r.Reference, StringComparer.Ordinal), parents) { }

    private CareModel(Dictionary<string, Known> all, Dictionary<string, string> parents)
    {
        _all = all;
        _parents = parents;
    }

    public IEnumerable<Known> All => _all.Values;

    public Known this[string reference] => _all[reference];

    /// <summary>The plan with members, and these.</summary>
    public string? Plan { get; init; }

    public string[] Members { get; init; } = [];

    /// <summary>Plain writes of one commit, legal where each is: the status that is answered, and what comes of it.</summary>
    public (int Status, CareModel Next) Write(IEnumerable<(string Reference, string Status)> writes)
    {
        var next = Copy();
        var moves = writes.ToArray();
        if (
            moves.Any(m =>
                m.Status != this[m.Reference].Status
                && (
                    !ModelTables
                        .Allowed(this[m.Reference].Type, this[m.Reference].Status, this[m.Reference].HeldFrom)
                        .Contains(m.Status)
                    // A plan begins, rests and ends by command, which takes its members along.
                    || (this[m.Reference].Type == "CarePlan" && m.Status != ModelTables.Voided)
                )
            )
        )
            return (422, this);
        foreach (var (reference, status) in moves)
            next.Set(reference, status);
        foreach (var (reference, status) in moves.OrderByDescending(m => Above(m.Reference).Count()))
            next.Follow(reference, this[reference].Status, status);
        if (moves.Any(m => EndsEpisode(m.Reference, m.Status)) && !next.All.Any(IsOpenEpisode))
            next.EndCare(moves.Select(m => m.Reference));
        return HasOneManager(next) ? (200, next) : (409, this);
    }

    public CareModel? Run(string reference, string command)
    {
        var known = this[reference];
        if (command == "accept" && known is { Type: "Goal", Status: "accepted" or "active" })
            return this;
        if (ModelTables.After(known.Type, known.Status, command) is not { } to)
            return null;
        var next = Copy();
        return known.Type switch
        {
            "Task" => next.RunOnTask(known, command, to),
            "Goal" => next.RunOnGoal(known, command, to),
            _ => next.RunOnPlan(known, command, to),
        };
    }

    /// <summary><c>$assign-care-manager</c>: the status that is answered, and what comes of it.</summary>
    public (int Status, CareModel Next) Assign(string manager)
    {
        var open = All.Where(k => k is { Type: "EpisodeOfCare", Status: "active" or "planned" or "waitlist" })
            .ToArray();
        var active = open.Where(e => e.Status == "active").ToArray();
        var fitting = active.Length == 0 ? open : active;
        if (fitting.Length != 1)
            return (422, this);
        if (active.Concat(fitting).Any(e => e.Manager is not null && e.Manager != manager))
            return (409, this);
        var next = Copy();
        next._all[fitting[0].Reference] = fitting[0] with { Manager = manager };
        return (200, next);
    }

    private CareModel? RunOnTask(Known task, string command, string to)
    {
        if (command == "resume")
        {
            if (task.HeldBy is not null)
                return null;
            to = task.HeldFrom ?? to;
        }

        var parts = Below(task.Reference).ToArray();
        if (command == "complete" && parts.Any(p => !ModelTables.IsOver(this[p].Status)))
            return null;
        Set(task.Reference, to);
        if (command is "hold" or "resume" or "cancel" or "fail")
            Follow(task.Reference, task.Status, to);
        return this;
    }

    private CareModel? RunOnGoal(Known goal, string command, string to)
    {
        if (command == "resume" && goal.HeldBy is not null)
            return null;
        Set(goal.Reference, to);
        _all[goal.Reference] = this[goal.Reference] with
        {
            IsJudged = command switch
            {
                "complete" => true,
                "reopen" => false,
                _ => goal.IsJudged,
            },
        };
        return this;
    }

    private CareModel? RunOnPlan(Known plan, string command, string to)
    {
        var members = plan.Reference == Plan ? Members.Select(m => this[m]).ToArray() : [];
        var tasks = members
            .Where(m => m.Type == "Task")
            .SelectMany(t => Below(t.Reference).Prepend(t.Reference))
            .ToArray();
        var goals = members.Where(m => m.Type == "Goal").ToArray();
        if (command == "activate" && plan.Status == "draft")
        {
            if (!goals.Any(g => g.Status is not ("rejected" or "cancelled" or ModelTables.Voided)))
                return null;
            foreach (var goal in goals.Where(g => g.Status is "accepted" or "planned"))
                Set(goal.Reference, "active");
            foreach (var task in tasks.Where(t => this[t].Status == "draft"))
                Set(task, "requested");
        }

        Set(plan.Reference, to);
        switch (command)
        {
            case "hold":
                Hold(tasks, plan.Reference);
                Hold(goals.Where(g => g.Status == "active").Select(g => g.Reference), plan.Reference);
                break;
            case "resume" or "activate":
                Resume(tasks.Concat(goals.Select(g => g.Reference)), plan.Reference);
                break;
            case "revoke":
                End(tasks.Concat(goals.Select(g => g.Reference)));
                break;
            case "close":
                End(tasks);
                foreach (var goal in goals.Where(g => !ModelTables.IsOver(g.Status)))
                    Set(
                        goal.Reference,
                        goal is { IsJudged: true, Status: "active" or "on-hold" } ? "completed" : "cancelled"
                    );
                break;
        }

        return this;
    }

    /// <summary>A part moves with what it is part of.</summary>
    private void Follow(string reference, string from, string to)
    {
        if (from == to || this[reference].Type != "Task")
            return;
        var parts = Below(reference).ToArray();
        if (to == "on-hold")
            Hold(parts, reference);
        else if (to is "cancelled" or "failed" or ModelTables.Voided)
            End(parts);
        else if (from == "on-hold")
            Resume(parts, reference);
    }

    private void Hold(IEnumerable<string> tasks, string holder)
    {
        foreach (
            var task in tasks.Select(t => this[t]).Where(t => t.Status != "on-hold" && !ModelTables.IsOver(t.Status))
        )
            _all[task.Reference] = task with { Status = "on-hold", HeldFrom = task.Status, HeldBy = holder };
    }

    private void Resume(IEnumerable<string> tasks, string holder)
    {
        foreach (var task in tasks.Select(t => this[t]).Where(t => t.Status == "on-hold" && t.HeldBy == holder))
            Set(task.Reference, task.HeldFrom!);
    }

    private void End(IEnumerable<string> tasks)
    {
        foreach (var task in tasks.Where(t => !ModelTables.IsOver(this[t].Status)))
            Set(task, "cancelled");
    }

    private bool EndsEpisode(string reference, string status) =>
        IsOpenEpisode(this[reference]) && status is ("finished" or "cancelled");

    private static bool IsOpenEpisode(Known known) =>
        known is { Type: "EpisodeOfCare", Status: "planned" or "waitlist" or "active" or "onhold" };

    /// <summary>Nobody cares for the patient any more: what is open ends, but for what the writer says of it in the same breath.</summary>
    private void EndCare(IEnumerable<string> written)
    {
        foreach (var known in All.Where(k => !ModelTables.IsOver(k.Status)).ToArray())
        {
            if (known.Type != "EpisodeOfCare" && !written.Contains(known.Reference))
                Set(known.Reference, known.Type == "CarePlan" ? "revoked" : "cancelled");
        }
    }

    private void Set(string reference, string status)
    {
        var known = this[reference];
        if (known.Status == status)
            return;
        _all[reference] = known with
        {
            Status = status,
            HeldFrom = known.Type == "Task" && status == "on-hold" ? known.Status : null,
            HeldBy = null,
        };
    }

    /// <summary>An episode does not begin beside one that somebody else manages.</summary>
    private static bool HasOneManager(CareModel model) =>
        model
            .All.Where(k => k is { Type: "EpisodeOfCare", Status: "active", Manager: not null })
            .Select(k => k.Manager)
            .Distinct(StringComparer.Ordinal)
            .Count() < 2;

    private IEnumerable<string> Above(string task)
    {
        for (var at = task; _parents.TryGetValue(at, out var parent); at = parent)
            yield return parent;
    }

    private IEnumerable<string> Below(string task) => _all.Keys.Where(t => Above(t).Contains(task));

    private CareModel Copy() =>
        new(new Dictionary<string, Known>(_all, StringComparer.Ordinal), _parents) { Plan = Plan, Members = Members };
}
