using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.Senders;

/// <summary>What is known of a system that sends: how it is recognised, and what its codes and identifiers mean. docs/hl7v2.md</summary>
public sealed record SenderProfile
{
    /// <summary>Names the sender in everything that is made of its messages: identifiers of resources are made from it, so it never changes.</summary>
    public required string Id { get; init; }

    /// <summary>MSH-3.1 of its messages; null for any.</summary>
    public string? Application { get; init; }

    /// <summary>MSH-4.1 of its messages; null for any.</summary>
    public string? Facility { get; init; }

    /// <summary>The client whose tokens may send for it, where the server that takes its messages is secured; null: no token may.</summary>
    public string? Client { get; init; }

    /// <summary>By one of which it is known where those who connect by MLLP show certificates.</summary>
    public ImmutableArray<SenderCertificate> Certificates { get; init; } = [];

    /// <summary>Name of the hospital.</summary>
    public required string OrganizationName { get; init; }

    /// <summary>Identifier of the hospital: its system, and its value.</summary>
    public required (string System, string Value) OrganizationIdentifier { get; init; }

    /// <summary>Where its clocks are: of times without an offset.</summary>
    public required TimeZoneInfo TimeZone { get; init; }

    /// <summary>Of messages that name none in MSH-18.</summary>
    public CharacterSet CharacterSet { get; init; } = CharacterSet.Utf8;

    /// <summary>MSH-11 of messages that are taken: a test system's messages are not, unless it is said.</summary>
    public FrozenSet<string> ProcessingIds { get; init; } = FrozenSet.ToFrozenSet(["P"], StringComparer.Ordinal);

    /// <summary>The systems of identifiers by the names of those who assign them, as CX-4.1 has them.</summary>
    public FrozenDictionary<string, string> Assigners { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The system of identifiers of patients that name nobody who assigned them; null where that is not known.</summary>
    public string? PatientAssigner { get; init; }

    /// <summary>The system of visit numbers that name nobody who assigned them; null where that is not known.</summary>
    public string? VisitAssigner { get; init; }

    /// <summary>URIs of code systems by the names that the sender has for them, before those of HL7 table 0396.</summary>
    public FrozenDictionary<string, string> CodingSystems { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>What the sender's codes are, by table and code, before what the standard's are.</summary>
    public FrozenDictionary<string, FrozenDictionary<string, MappedCode>> Tables { get; init; } =
        FrozenDictionary<string, FrozenDictionary<string, MappedCode>>.Empty;

    /// <summary>What a code of a table is in FHIR.</summary>
    public bool TryTranslate(string table, string code, [NotNullWhen(true)] out MappedCode? mapped)
    {
        if (!Tables.TryGetValue(table, out var own) || !own.TryGetValue(code, out mapped))
            return StandardTables.TryTranslate(table, code, out mapped);
        // A code alone is one of the code system that the standard's are of.
        mapped = mapped.System is null ? mapped with { System = StandardTables.SystemOf(table) } : mapped;
        return true;
    }

    /// <summary>The URI of a code system, by its name in a message.</summary>
    public string? CodingSystem(string name) =>
        CodingSystems.TryGetValue(name, out var uri) ? uri : StandardTables.CodingSystem(name);

    /// <summary>True for a message that this sender sent.</summary>
    public bool Sends(MessageHead head) =>
        Matches(Application, head.SendingApplication, head) && Matches(Facility, head.SendingFacility, head);

    private static bool Matches(string? expected, string raw, MessageHead head) =>
        expected is null || First(First(raw, head.Delimiters.Component), head.Delimiters.Subcomponent) == expected;

    private static string First(string raw, char? separator) => separator is { } c ? raw.Split(c)[0] : raw;
}
