namespace CareCoordination.Server.Tests.Month;

/// <summary>A task as the model knows it.</summary>
internal sealed class Work(string id, string patient, string owner)
{
    public string Id => id;

    public string Reference => $"Task/{id}";

    public string Patient => patient;

    public string Owner { get; set; } = owner;

    public string Status { get; set; } = "ready";

    /// <summary>0 for routine to 3 for stat.</summary>
    public int Priority { get; init; }

    /// <summary>The last second in which it is not late.</summary>
    public DateTimeOffset? Due { get; set; }

    /// <summary>Of one on hold: where it was.</summary>
    public string? HeldFrom { get; set; }

    public bool IsHeldByPlan { get; set; }

    public bool IsEscalated { get; set; }

    public int Attempts { get; set; }

    public bool IsOver => Status is "completed" or "cancelled" or "rejected";

    /// <summary>Somebody is to do it now.</summary>
    public bool IsCurrent => !IsOver && Status is not ("draft" or "on-hold");

    public void Hold(bool byPlan)
    {
        if (IsOver || Status == "on-hold")
            return;
        (HeldFrom, Status, IsHeldByPlan) = (Status, "on-hold", byPlan);
    }

    public void Resume()
    {
        if (Status == "on-hold")
            (Status, HeldFrom, IsHeldByPlan) = (HeldFrom!, null, false);
    }

    /// <summary>What somebody had begun begins anew with the next one.</summary>
    public void GiveTo(string owner)
    {
        Owner = owner;
        Status = Anew(Status);
        HeldFrom = HeldFrom is null ? null : Anew(HeldFrom);
    }

    private static string Anew(string status) =>
        status switch
        {
            "in-progress" => "ready",
            "received" => "requested",
            _ => status,
        };
}

/// <summary>A plan of one goal: systolic under 130.</summary>
internal sealed record Plan(string Id, string Goal, DateOnly Begun, Work[] Tasks)
{
    public string Status { get; set; } = "draft";

    /// <summary>Null: nothing was measured while it was sought.</summary>
    public bool? IsAchieved { get; set; }
}

internal sealed class Enrolled(string id)
{
    public string Id => id;

    public string Reference => $"Patient/{id}";

    public string Manager { get; set; } = "";

    /// <summary>The one that is not over.</summary>
    public Plan? Plan { get; set; }

    /// <summary>The task by which the patient is offered, while it is open.</summary>
    public Work? Offer { get; set; }

    public List<(DateOnly Day, int Value)> Readings { get; } = [];

    /// <summary>What the goal says by what is measured now.</summary>
    public void Judge()
    {
        if (Plan is { Status: "active" } plan && Readings.Exists(r => r.Day >= plan.Begun))
            plan.IsAchieved = Readings[^1].Value < 130;
    }
}

/// <summary>The team of one organisation, by the clock of its zone: two care managers with their patients and work.</summary>
internal sealed class MonthModel(TimeZoneInfo zone, string[] managers, Enrolled[] patients)
{
    private static readonly DateOnly[] Holidays = [new(2027, 3, 17)];

    public string[] Managers => managers;

    public Enrolled[] Patients => patients;

    public List<Work> Tasks { get; } = [];

    /// <summary>Until the end of which day a care manager is away.</summary>
    public Dictionary<string, DateOnly> AwayUntil { get; } = [];

    public string Other(string manager) => managers[0] == manager ? managers[1] : managers[0];

    public DateOnly Today(DateTimeOffset now) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);

    public DateTimeOffset EndOf(DateOnly day)
    {
        var next = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(next, zone.GetUtcOffset(next)).AddSeconds(-1).ToUniversalTime();
    }

    public DateOnly NextBusinessDay(DateOnly day)
    {
        do day = day.AddDays(1);
        while (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday || Holidays.Contains(day));
        return day;
    }

    public bool IsAway(string manager, DateTimeOffset now) =>
        AwayUntil.TryGetValue(manager, out var until) && Today(now) <= until;

    /// <summary>Priority, then what is late, then due time; nobody's risk was assessed.</summary>
    public string[] Worklist(string manager, DateTimeOffset now) => Ids(t => t.Owner == manager, now);

    public string[] DueBy(string manager, DateOnly day, DateTimeOffset now) =>
        Ids(t => t.Owner == manager && t.Due <= EndOf(day), now);

    public int Escalations(string patient) =>
        Tasks.Count(t => t.Patient == patient && t is { IsEscalated: true, IsCurrent: true });

    public (int Patients, int Overdue) Caseload(string manager, DateTimeOffset now) =>
        (patients.Count(p => p.Manager == manager), Tasks.Count(t => t.Owner == manager && t.IsCurrent && t.Due < now));

    private string[] Ids(Func<Work, bool> has, DateTimeOffset now) =>
        [
            .. Tasks
                .Where(t => t.IsCurrent && has(t))
                .OrderByDescending(t => t.Priority)
                .ThenByDescending(t => t.Due < now)
                .ThenBy(t => t.Due ?? DateTimeOffset.MaxValue)
                .ThenBy(t => t.Id, StringComparer.Ordinal)
                .Select(t => t.Id),
        ];
}
