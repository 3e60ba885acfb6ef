using System.Reflection;
using System.Text.RegularExpressions;
using CareCoordination.Fhir.R4;

namespace CareCoordination.RepoGuards;

/// <summary>
/// The types of resources have names in <see cref="ResourceTypes"/>: a text that is misspelled compiles, and finds nothing.
/// </summary>
public sealed partial class ResourceTypeNameTests
{
    /// <summary>The projects above the one that has the names.</summary>
    private static readonly string[] Projects = ["Workflow", "Connectors", "Application", "Rest", "Exchange", "Server"];

    /// <summary>Types whose names are words of other vocabularies as well: headers of HTTP, codes, columns.</summary>
    private static readonly string[] Words =
    [
        "Account",
        "Basic",
        "Binary",
        "Communication",
        "Condition",
        "Contract",
        "Device",
        "Flag",
        "Group",
        "Invoice",
        "Library",
        "Linkage",
        "List",
        "Location",
        "Measure",
        "Media",
        "Medication",
        "Parameters",
        "Person",
        "Questionnaire",
        "Schedule",
        "Slot",
        "Specimen",
        "Substance",
    ];

    private static readonly HashSet<string> Types =
    [
        .. typeof(ResourceTypes)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(f => f.IsLiteral)
            .Select(f => (string)f.GetRawConstantValue()!)
            .Except(Words),
    ];

    [Fact]
    public void No_type_of_a_resource_is_spelled_out()
    {
        var offences =
            from file in Repository.SourceFiles
            where Projects.Any(p => file.StartsWith($"src/CareCoordination.{p}/", StringComparison.Ordinal))
            from type in SpelledOut(Repository.Read(file))
            select $"{file}: write ResourceTypes.{type} instead of \"{type}\".";

        Assert.Empty(offences);
    }

    [Theory]
    [InlineData("""key.Type == "Task" """, "Task")]
    [InlineData("""["Patient", "Group"]""", "Patient")]
    [InlineData("""name is "Goal" or "CarePlan" """, "Goal CarePlan")]
    [InlineData("""$"{"Task"}/1" """, "Task")]
    [InlineData(""" "Task/1" and "a Task" and "task" """, "")]
    [InlineData(""" "Location" """, "")]
    [InlineData(""" "Task"u8 """, "")]
    [InlineData("// \"Task\"", "")]
    public void Knows_a_type_that_is_spelled_out(string line, string types) =>
        Assert.Equal(types, string.Join(' ', SpelledOut(line)));

    [Fact]
    public void A_raw_string_may_hold_what_it_likes() =>
        Assert.Empty(SpelledOut("var x = \"\"\"\n{\"resourceType\":\"Task\"}\n\"\"\";"));

    private static IEnumerable<string> SpelledOut(string source)
    {
        var isRaw = false;
        foreach (var line in source.Split('\n'))
        {
            var quotes = RawQuotes().Count(line);
            if (!isRaw && quotes == 0 && !line.TrimStart().StartsWith("//", StringComparison.Ordinal))
            {
                foreach (Match literal in Literal().Matches(line))
                {
                    if (Types.Contains(literal.Groups["type"].Value))
                        yield return literal.Groups["type"].Value;
                }
            }

            isRaw ^= quotes % 2 == 1;
        }
    }

    [GeneratedRegex("\"{3,}")]
    private static partial Regex RawQuotes();

    [GeneratedRegex("""(?<![\w@"\\])"(?<type>[A-Za-z]+)"(?!u8|")""", RegexOptions.ExplicitCapture)]
    private static partial Regex Literal();
}
