using System.Collections.Immutable;

namespace CareCoordination.Workflow.Assessments;

/// <summary>An answer that a question offers.</summary>
/// <param name="Code">Of LOINC, or of the answers of this server where LOINC has none that is free to use.</param>
/// <param name="Text">In our words.</param>
/// <param name="Points">What it counts; null where nothing is counted.</param>
public sealed record Choice(string Code, string Text, int? Points = null)
{
    public string System { get; init; } = Instruments.Loinc;
}

/// <summary>A question.</summary>
/// <param name="LinkId">Its LOINC code.</param>
/// <param name="Text">In our words.</param>
/// <param name="Type">A code of <c>Questionnaire.item.type</c>.</param>
public sealed record Question(string LinkId, string Text, string Type, params ImmutableArray<Choice> Choices)
{
    /// <summary>Several answers are possible.</summary>
    public bool Repeats { get; init; }
}

/// <summary>A band of a score.</summary>
/// <param name="Code">Of <c>CareExtensions.BandSystem</c>.</param>
/// <param name="From">Its least score.</param>
public sealed record Band(string Code, int From)
{
    /// <summary>The code of LOINC that says the same, where the instrument has a level of its own.</summary>
    public string? Level { get; init; }
}

/// <summary>A sum of the points of some questions.</summary>
/// <param name="Code">By which rules and answers know it: <c>phq-9</c>.</param>
/// <param name="Total">The LOINC code of the sum.</param>
/// <param name="PositiveFrom">The least sum that is a positive screen; null where it is none.</param>
public sealed record ItemSum(
    string Code,
    string Total,
    string Text,
    ImmutableArray<string> Items,
    ImmutableArray<Band> Bands,
    int? PositiveFrom
)
{
    /// <summary>The LOINC code of its level, for instruments that have one.</summary>
    public string? Level { get; init; }

    /// <summary>What a positive one makes likely, to be confirmed by somebody.</summary>
    public Finding? Suggests { get; init; }

    /// <summary>A positive one is looked at the same day: a code of <see cref="AssessmentWork"/>.</summary>
    public string? UrgentWhenPositive { get; init; }

    /// <summary>A positive one asks for this instrument.</summary>
    public string? FollowedBy { get; init; }
}

/// <summary>A problem that an assessment proposes.</summary>
/// <param name="Code">Null where no code is free to use and certain.</param>
public sealed record Finding(string? System, string? Code, string Text);

/// <summary>An answer that is looked at the same day, whatever else was answered.</summary>
/// <param name="Work">A code of <see cref="AssessmentWork"/>.</param>
public sealed record UrgentAnswer(string Item, ImmutableArray<string> Answers, string Work);

/// <summary>A questionnaire that is served and scored here.</summary>
/// <param name="Code">The id of its Questionnaire.</param>
/// <param name="Panel">The LOINC code of the panel.</param>
/// <param name="Version">Of this table.</param>
public sealed record Instrument(
    string Code,
    string Panel,
    string Title,
    string Version,
    ImmutableArray<Question> Questions
)
{
    public ImmutableArray<ItemSum> Sums { get; init; } = [];

    public ImmutableArray<UrgentAnswer> Urgent { get; init; } = [];

    /// <summary>It screens for social needs, which <see cref="SocialNeeds"/> finds.</summary>
    public bool IsSocial { get; init; }

    public Question? Find(string linkId) => Questions.FirstOrDefault(q => q.LinkId == linkId);
}
