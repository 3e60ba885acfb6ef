using System.Collections.Immutable;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Storage;

/// <summary>
/// What is kept of a resource's current version beside its search index, in tables made for one question each
/// (docs/adr/0008-work-rows.md). Whoever writes the resource says what it is; the store knows only its shape.
/// </summary>
public sealed record ProjectionRows
{
    public static readonly ProjectionRows None = new();

    public WorkItem? Work { get; init; }

    public PatientFact? Fact { get; init; }

    public ProjectedReading? Reading { get; init; }

    /// <summary>Who has to do with whom because of the resource.</summary>
    public ImmutableArray<ProjectedRelation> Relations { get; init; } = [];

    /// <summary>What a patient said of who may see what.</summary>
    public ImmutableArray<ProjectedConsent> Consents { get; init; } = [];

    /// <summary>When the resource is to be looked at without anybody asking; null: never.</summary>
    public DateTimeOffset? Timer { get; init; }
}

/// <summary>A task that is not over, as worklists order it.</summary>
/// <param name="Owner">Null: nobody owns it.</param>
/// <param name="Status">The place of the status in a list that the writer and the reader share.</param>
/// <param name="Priority">Larger is more pressing.</param>
public sealed record WorkItem(Party? Owner, ResourceKey? Patient, short Status, short Priority, DateTimeOffset? Due);

/// <summary>Something that a caseload weighs about a patient.</summary>
public sealed record PatientFact(PatientFactKind Kind, ResourceKey Patient)
{
    /// <summary>Who manages the patient's care, for <see cref="PatientFactKind.Managed"/>.</summary>
    public Party? Manager { get; init; }

    /// <summary>Since when it is so: the latest of a kind holds. Null: since it was written.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Larger is more.</summary>
    public short Rank { get; init; }

    /// <summary>The code that <see cref="Rank"/> stands for; at most 64 characters are kept.</summary>
    public string Tier { get; init; } = "";
}

/// <summary>An Observation that goals are judged by: whose it is, what it measures and when it was true.</summary>
public sealed record ProjectedReading(Party Subject, DateTimeOffset At, ImmutableArray<ReadingCode> Codes)
{
    /// <summary>What readings are kept of; of resources of this type nothing else is.</summary>
    public const string ResourceType = "Observation";
}

/// <summary>A code by which readings are looked for.</summary>
public readonly record struct ReadingCode(string System, string Code);

/// <summary>That somebody has to do with somebody, from <paramref name="Start"/> until before <paramref name="End"/>.</summary>
/// <param name="Kind">How, as a number that the writer and the reader share.</param>
/// <param name="Of">A patient, or whom <paramref name="Party"/> acts as; null where the resource names the party and is about nobody.</param>
public sealed record ProjectedRelation(
    ResourceKey Party,
    short Kind,
    ResourceKey? Of,
    DateTimeOffset Start,
    DateTimeOffset End
)
{
    /// <summary>Relations are kept of resources of these types alone.</summary>
    public static readonly ImmutableArray<string> ResourceTypes =
    [
        "Patient",
        "EpisodeOfCare",
        "CareTeam",
        "Task",
        "PractitionerRole",
        "RelatedPerson",
        "Person",
    ];

    /// <summary>
    /// The types whose relations say whom somebody acts as; those of others say who has to do with a patient. What is remembered of it is
    /// found out anew after each change of a relation of one of these, and of no other.
    /// </summary>
    public static readonly ImmutableArray<string> ActingTypes = ["CareTeam", "PractitionerRole", "Person"];
}

/// <summary>One rule of a Consent: whoever it speaks of does not see what it speaks of.</summary>
public sealed record ProjectedConsent(ResourceKey Patient, DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>A permission inside of what the same Consent denies.</summary>
    public bool IsException { get; init; }

    /// <summary>Null: everybody.</summary>
    public ResourceKey? Party { get; init; }

    /// <summary>The number of a purpose of use; 0: every purpose.</summary>
    public long Purpose { get; init; }

    /// <summary>Null: every type.</summary>
    public string? ResourceType { get; init; }

    /// <summary>One of these labels; 0: whatever its labels.</summary>
    public long Labels { get; init; }
}

public enum PatientFactKind : short
{
    /// <summary>Somebody manages the patient's care.</summary>
    Managed = 1,

    /// <summary>The patient is in a transition of care.</summary>
    Transition = 2,

    /// <summary>Somebody assessed the patient's risk.</summary>
    Risk = 3,
}

/// <summary>Somebody that a reference names.</summary>
/// <param name="Key">Of a resource on this server; null: somebody elsewhere, whom only the text tells.</param>
public readonly record struct Party(ResourceKey? Key, string Text)
{
    public static Party Of(string reference, Func<string, bool> isResourceType)
    {
        var literal = LiteralReference.Parse(reference, isResourceType);
        return new(literal.Kind == ReferenceKind.Relative ? literal.Key : null, reference);
    }
}
