namespace CareCoordination.Server.Tests.Published;

/// <summary>A case that the stewards of a measure have published, told in our own words: whom it is about, and what their record says.</summary>
/// <param name="Title">As it is published, after its series: which population it is about.</param>
/// <param name="Place">The folder of the case, the first part of its name; or else the publication.</param>
/// <param name="Year">The calendar year that is measured.</param>
/// <param name="Result">What is published: initial population/exclusions/numerator. The denominator is the initial population.</param>
/// <param name="Born">A date.</param>
/// <param name="Told">Resources, in which <c>~</c> stands for the id of the patient.</param>
internal sealed record PublishedCase(
    string Title,
    string Place,
    int Year,
    string Result,
    string Born,
    params string[] Told
)
{
    /// <summary>When the patient died; null: they live.</summary>
    public string? Died { get; init; }

    /// <summary>What this server counts where that is decided otherwise; null: the same.</summary>
    public string? Ours { get; init; }

    /// <summary>Where it is written that this server decides otherwise, in words of docs/measures.md.</summary>
    public string? Because { get; init; }

    /// <summary>Of the patient.</summary>
    public string Id { get; } =
        new([.. $"{Place}-{Title}".Where(c => char.IsAsciiLetterOrDigit(c) || c == '-').Take(40)]);
}
