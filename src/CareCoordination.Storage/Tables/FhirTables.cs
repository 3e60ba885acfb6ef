using System.Collections.Immutable;
using CareCoordination.Fhir.Search;
using static CareCoordination.Storage.Tables.ColumnType;

namespace CareCoordination.Storage.Tables;

/// <summary>
/// All tables. A resource has one row in <see cref="Resource"/>, one in <see cref="ResourceVersion"/> per version, and, while it
/// is not deleted, rows in the index tables of the search parameters it has values for. docs/adr/0006-storage.md
/// </summary>
internal static class FhirTables
{
    /// <summary>The parameter number of the <see cref="ReferenceIndex"/> rows that say "belongs to this patient's compartment".</summary>
    public const int CompartmentParameter = 0;

    public const int MaxIdLength = 64;
    public const int MaxTierLength = 64;
    public const int MaxStringLength = 128;

    /// <summary>Of what sorts after every text that starts with one of <see cref="MaxStringLength"/>.</summary>
    public const int MaxEndLength = MaxStringLength + 2;

    /// <summary>What of a URI is stored for reading and sorting; the hash stands for all of it. SQL Server keys end at 900 bytes.</summary>
    public const int MaxUriLength = 400;

    /// <summary>
    /// The current state of each resource. Key carries the type in its upper 16 bits (<see cref="SurrogateKey"/>). A row with
    /// Version 0 was referenced before it was created: it only reserves the key. Status is <see cref="IndexEntries.Status"/>: the index
    /// by it reads the last changed of one status in their order, and has no row where there is none. Patient and Labels are as in
    /// <see cref="ResourceVersion"/>.
    /// </summary>
    public static readonly TableShape Resource = new(
        "Resource",
        [
            new("Key", Long),
            new("TypeId", Short),
            new("Id", Text, MaxIdLength),
            new("Version", Int),
            new("LastUpdated", Long),
            new("IsDeleted", Short),
            new("Sequence", Long),
            new("Presence", Long),
            new("Status", Long),
            new("Patient", Long),
            new("Labels", Long),
        ],
        ["Key"],
        [
            new(["TypeId", "Id"], IsUnique: true),
            new(["TypeId", "Sequence"]),
            new(["Status", "Sequence"], Filter: "\"Status\" <> 0"),
        ]
    );

    /// <summary>
    /// All versions in the order they happened. Patient is the key of the one whose compartment the version is in, or one of
    /// <see cref="AboutPatient"/>; a deletion keeps what was there before. Labels is <see cref="IndexEntries.Labels"/>.
    /// </summary>
    public static readonly TableShape ResourceVersion = new(
        "ResourceVersion",
        [
            new("Sequence", Long),
            new("ResourceKey", Long),
            new("Version", Int),
            new("TypeId", Short),
            new("LastUpdated", Long),
            new("Change", Short),
            new("Body", Bytes),
            new("Patient", Long),
            new("Labels", Long),
        ],
        ["Sequence"],
        [new(["ResourceKey", "Version"], IsUnique: true), new(["TypeId", "Sequence"])]
    );

    /// <summary>The patients of a version that is about several: each, and no row of any other version.</summary>
    public static readonly TableShape SharedPatient = new(
        "SharedPatient",
        [new("Sequence", Long), new("Patient", Long)],
        ["Sequence", "Patient"],
        []
    );

    /// <summary>
    /// The one row that all writers lock first: it makes their order. CommitId is a random number that the last transaction has
    /// given itself, PreviousCommitId the one that it found: by it a node sees whether the database is as it left it.
    /// </summary>
    public static readonly TableShape ChangeSequence = new(
        "ChangeSequence",
        [
            new("Id", Short),
            new("Sequence", Long),
            new("LastUpdated", Long),
            new("NextKey", Long),
            new("CommitId", Long),
            new("PreviousCommitId", Long),
        ],
        ["Id"],
        []
    );

    /// <summary>
    /// One row: the <c>CommitId</c> of the transaction that last changed who acts as whom. Nodes remember whom callers act as for as long
    /// as it is the same.
    /// </summary>
    public static readonly TableShape ActingChange = new(
        "ActingChange",
        [new("Id", Short), new("CommitId", Long)],
        ["Id"],
        []
    );

    public static readonly TableShape TokenIndex = new(
        "TokenIndex",
        [new("Key", Long), new("Check", Long), new("ResourceKey", Long), new("System", Long)],
        ["Key", "Check", "ResourceKey", "System"],
        []
    );

    public static readonly TableShape StringIndex = new(
        "StringIndex",
        [new("Parameter", Int), new("Value", Text, MaxStringLength), new("ResourceKey", Long), new("Exact", Long)],
        ["Parameter", "Value", "ResourceKey", "Exact"],
        [new(["ResourceKey", "Parameter", "Value"])]
    );

    public static readonly TableShape DateIndex = new(
        "DateIndex",
        [new("Parameter", Int), new("Start", Long), new("End", Long), new("ResourceKey", Long)],
        ["Parameter", "Start", "End", "ResourceKey"],
        [new(["ResourceKey", "Parameter", "Start", "End"])]
    );

    public static readonly TableShape NumberIndex = new(
        "NumberIndex",
        [new("Parameter", Int), new("Low", Real), new("High", Real), new("ResourceKey", Long)],
        ["Parameter", "Low", "High", "ResourceKey"],
        [new(["ResourceKey", "Parameter", "Low", "High"])]
    );

    public static readonly TableShape QuantityIndex = new(
        "QuantityIndex",
        [
            new("Parameter", Int),
            new("Low", Real),
            new("High", Real),
            new("System", Long),
            new("Unit", Long),
            new("ResourceKey", Long),
        ],
        ["Parameter", "Low", "High", "System", "Unit", "ResourceKey"],
        [new(["ResourceKey", "Parameter", "Low", "High"])]
    );

    public static readonly TableShape ReferenceIndex = new(
        "ReferenceIndex",
        [new("Target", Long), new("Parameter", Int), new("ResourceKey", Long)],
        ["Target", "Parameter", "ResourceKey"],
        []
    );

    public static readonly TableShape UriIndex = new(
        "UriIndex",
        [new("Parameter", Int), new("Value", Text, MaxUriLength), new("Hash", Long), new("ResourceKey", Long)],
        ["Parameter", "Value", "Hash", "ResourceKey"],
        [new(["ResourceKey", "Parameter", "Hash"])]
    );

    public static readonly TableShape CompositeIndex = new(
        "CompositeIndex",
        [
            new("Key", Long),
            new("Check", Long),
            new("ResourceKey", Long),
            new("FirstSystem", Long),
            new("SecondCode", Long),
            new("SecondSystem", Long),
            new("Low", Real),
            new("High", Real),
            new("Text", Text, MaxStringLength),
        ],
        ["Key", "Check", "ResourceKey", "FirstSystem", "SecondCode", "SecondSystem", "Low", "High", "Text"],
        []
    );

    /// <summary>
    /// The tasks that are not over. Owner is 0 where there is none, below 0 where it is elsewhere. The index by owner holds the whole
    /// row: an owner's rows lie everywhere in the table, and together in the index.
    /// </summary>
    public static readonly TableShape WorkItem = new(
        "WorkItem",
        [
            new("ResourceKey", Long),
            new("Id", Text, MaxIdLength),
            new("Owner", Long),
            new("Patient", Long),
            new("Status", Short),
            new("Priority", Short),
            new("Due", Long),
        ],
        ["ResourceKey"],
        [new(["Owner", "Due", "Status", "Priority", "Patient", "Id", "ResourceKey"]), new(["Patient"])]
    );

    /// <summary>What caseloads weigh. Manager is as the owner of a <see cref="WorkItem"/>.</summary>
    public static readonly TableShape PatientFact = new(
        "PatientFact",
        [
            new("ResourceKey", Long),
            new("Kind", Short),
            new("Patient", Long),
            new("Manager", Long),
            new("At", Long),
            new("Rank", Short),
            new("Tier", Text, MaxTierLength),
        ],
        ["ResourceKey"],
        [new(["Patient", "Kind", "At", "ResourceKey", "Rank"]), new(["Manager", "Patient"])]
    );

    /// <summary>When a resource is to be looked at next.</summary>
    public static readonly TableShape Timer = new(
        "Timer",
        [new("ResourceKey", Long), new("At", Long)],
        ["ResourceKey"],
        [new(["At", "ResourceKey"])]
    );

    /// <summary>
    /// The Observations that goals are judged by, a row for each code that they have. The key is the order in which they are read:
    /// what somebody's readings of a code are is one range of it.
    /// </summary>
    public static readonly TableShape Reading = new(
        "Reading",
        [new("Subject", Long), new("Code", Long), new("At", Long), new("ResourceKey", Long)],
        ["Subject", "Code", "At", "ResourceKey"],
        [new(["ResourceKey"])]
    );

    /// <summary>
    /// Who has to do with whom, because of a resource: Of is a patient, or the party that Party acts as, or 0 where the resource names
    /// Party and is about nobody. From Start until before End, in ticks of UTC. The index by Of tells of one patient who has to do with
    /// whom: somebody may act as hundreds, of whom each would have to be looked for.
    /// </summary>
    public static readonly TableShape CareRelation = new(
        "CareRelation",
        [
            new("Party", Long),
            new("Kind", Short),
            new("Of", Long),
            new("Start", Long),
            new("End", Long),
            new("ResourceKey", Long),
        ],
        ["Party", "Kind", "Of", "Start", "End", "ResourceKey"],
        [new(["ResourceKey"]), new(["Of"], Filter: "\"Of\" > 0")]
    );

    /// <summary>
    /// What patients said in a Consent about who may see what. Party, Purpose, TypeId and Labels are 0 where it is said of all. An
    /// exception is a permission inside of what the same Consent denies.
    /// </summary>
    public static readonly TableShape ConsentRule = new(
        "ConsentRule",
        [
            new("Patient", Long),
            new("ResourceKey", Long),
            new("Place", Short),
            new("IsException", Short),
            new("Party", Long),
            new("Purpose", Long),
            new("TypeId", Short),
            new("Labels", Long),
            new("Start", Long),
            new("End", Long),
        ],
        ["Patient", "ResourceKey", "Place"],
        [new(["ResourceKey"])]
    );

    /// <summary>All rows that a resource has in the index tables that can be asked for them.</summary>
    public static readonly ImmutableArray<TableShape> IndexRowsOfOne =
    [
        StringIndex.RowsOfOne(),
        DateIndex.RowsOfOne(),
        NumberIndex.RowsOfOne(),
        QuantityIndex.RowsOfOne(),
        UriIndex.RowsOfOne(),
    ];

    /// <summary>
    /// The index tables that have no index by resource, because no search needs it: what rows of a resource are in them is known only
    /// from its bytes.
    /// </summary>
    public static readonly ImmutableArray<TableShape> KeyedByValue = [TokenIndex, ReferenceIndex, CompositeIndex];

    /// <summary>All rows that an Observation has in <see cref="Reading"/>.</summary>
    public static readonly TableShape ReadingsOfOne = Reading.RowsOfOne();

    /// <summary>All rows that a resource has in <see cref="CareRelation"/>.</summary>
    public static readonly TableShape RelationsOfOne = CareRelation.RowsOfOne();

    /// <summary>All rows that a Consent has in <see cref="ConsentRule"/>.</summary>
    public static readonly TableShape ConsentRulesOfOne = ConsentRule.RowsOfOne();

    /// <summary>All rows that a version has in <see cref="SharedPatient"/>.</summary>
    public static readonly TableShape SharedPatientsOfOne = SharedPatient with
    {
        Columns = [SharedPatient.Columns[0]],
        Key = ["Sequence"],
    };

    /// <summary>The keys of <see cref="WorkItem"/>, <see cref="PatientFact"/> and <see cref="Timer"/>: one row of a resource in each.</summary>
    public static readonly ImmutableArray<TableShape> ProjectionKeys =
    [
        WorkItem.KeyOnly(),
        PatientFact.KeyOnly(),
        Timer.KeyOnly(),
    ];

    public static readonly ImmutableArray<TableShape> All =
    [
        Resource,
        ResourceVersion,
        ChangeSequence,
        ActingChange,
        TokenIndex,
        StringIndex,
        DateIndex,
        NumberIndex,
        QuantityIndex,
        ReferenceIndex,
        UriIndex,
        CompositeIndex,
        WorkItem,
        PatientFact,
        Timer,
        Reading,
        SharedPatient,
        CareRelation,
        ConsentRule,
        .. OutboxTables.All,
        .. StateTables.All,
        .. AuditTables.All,
    ];

    /// <summary>Every shape in which rows are added or removed.</summary>
    public static IEnumerable<TableShape> Written =>
        [
            .. All,
            .. ProjectionKeys,
            .. IndexRowsOfOne,
            ReadingsOfOne,
            RelationsOfOne,
            ConsentRulesOfOne,
            SharedPatientsOfOne,
            .. OutboxTables.Keys,
            .. StateTables.Keys,
            .. AuditTables.Keys,
        ];
}
