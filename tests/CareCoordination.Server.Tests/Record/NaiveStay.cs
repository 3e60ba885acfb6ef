using System.Text.Json;

namespace CareCoordination.Server.Tests.Record;

/// <summary>An encounter that began.</summary>
/// <param name="Left">The day that it says it ended.</param>
/// <param name="Kinds">The sets of codes that it, or its principal diagnosis, is in.</param>
internal sealed record NaiveStay(
    string Id,
    string? Person,
    string? Class,
    bool IsOver,
    DateOnly Admitted,
    DateTimeOffset AdmittedAt,
    DateOnly? Left,
    JsonElement Encounter,
    HashSet<string> Kinds
)
{
    public static bool HasBegun(string? status) =>
        status is "arrived" or "triaged" or "in-progress" or "onleave" or "finished";

    /// <summary>Never where it goes on; on its first day where nobody says when.</summary>
    public DateOnly End =>
        !IsOver ? new DateOnly(9990, 1, 1)
        : Left > Admitted ? Left.Value
        : Admitted;

    public string? Disposition => Encounter.At("hospitalization").Code("dischargeDisposition");

    public string? Practitioner =>
        Encounter
            .Items("participant")
            .Select(p => p.At("individual"))
            .FirstOrDefault(p => p.ValueKind != JsonValueKind.Undefined)
            .Key();

    public string? Organization => Encounter.At("serviceProvider").Key("Organization");

    public bool IsOfBirth => Kinds.Contains("pregnancy") || Kinds.Contains("perinatal");

    public bool IsPlanned => Kinds.Contains("planned-stay") || Encounter.Code("priority") is "EL" or "R";
}

/// <summary>Encounters that are one stay.</summary>
internal sealed record NaiveChain(List<NaiveStay> Stays)
{
    public NaiveStay First => Stays[0];

    /// <summary>The one that ends it.</summary>
    public NaiveStay Final =>
        Stays.OrderBy(s => s.End).ThenBy(s => s.AdmittedAt).ThenBy(s => s.Id, StringComparer.Ordinal).Last();

    /// <summary>Null: it goes on, or nobody says when it ended.</summary>
    public DateOnly? Discharged => Stays.TrueForAll(s => s.IsOver && s.Left is not null) ? Stays.Max(s => s.End) : null;
}
