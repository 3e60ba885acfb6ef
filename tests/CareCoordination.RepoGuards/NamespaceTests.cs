namespace CareCoordination.RepoGuards;

/// <summary>Arrows between the namespaces of a project go one way: a room can be read without those that use it.</summary>
public sealed class NamespaceTests
{
    public static TheoryData<string> Projects =>
        [
            .. Repository
                .Files.Where(f =>
                    f.StartsWith("src/CareCoordination.", StringComparison.Ordinal)
                    && f.EndsWith(".csproj", StringComparison.Ordinal)
                )
                .Select(f => Path.GetFileNameWithoutExtension(f)!),
        ];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Namespaces_of_a_project_do_not_form_a_cycle(string project)
    {
        var cycles = NamespaceArrows.Of(project).Cycles().ToList();
        Assert.True(cycles.Count == 0, "\n" + string.Join("\n\n", cycles));
    }

    [Fact]
    public void A_cycle_is_told_as_the_shortest_way_round_with_an_example_for_each_arrow()
    {
        var arrows = new NamespaceArrows();
        arrows.Add("A", "B", "One uses Two");
        arrows.Add("A", "B", "Other uses Two");
        arrows.Add("B", "C", "Two uses Three");
        arrows.Add("C", "D", "Three uses Four");
        arrows.Add("D", "A", "Four uses One");
        arrows.Add("C", "A", "Three uses One");
        arrows.Add("E", "A", "Five uses One");
        arrows.Add("F", "G", "Six uses Seven");
        arrows.Add("G", "F", "Seven uses Six");
        arrows.Add("H", "H", "Eight uses itself");

        Assert.Equal(
            [
                "A -> B: One uses Two\nB -> C: Two uses Three\nC -> A: Three uses One",
                "F -> G: Six uses Seven\nG -> F: Seven uses Six",
            ],
            arrows.Cycles()
        );
    }

    [Fact]
    public void The_guard_sees_signatures_bases_attributes_and_bodies()
    {
        var uses = TypeUses
            .Of(typeof(NamespaceTests).Assembly.Location)
            .Select(u => $"{Bare(u.User)} {Bare(u.Used)}")
            .ToHashSet();

        Assert.Contains("SampleUser SampleBase", uses);
        Assert.Contains("SampleUser ISample", uses);
        Assert.Contains("SampleUser SampleAttribute", uses);
        Assert.Contains("SampleUser SampleParameter", uses);
        Assert.Contains("SampleUser SampleArgument", uses);
        Assert.Contains("SampleUser SampleInBody", uses);
        Assert.Contains("SampleUser SampleInLambda", uses);
        Assert.DoesNotContain("SampleUser SampleUser", uses);

        static string Bare(string name) => name[(name.LastIndexOf('.') + 1)..];
    }
}

internal class SampleBase;

internal interface ISample;

[AttributeUsage(AttributeTargets.Method)]
internal sealed class SampleAttribute : Attribute;

internal sealed class SampleParameter;

internal sealed class SampleArgument;

internal static class SampleInBody
{
    public static int Count => 1;
}

internal static class SampleInLambda
{
    public static bool Is(int number) => number > 0;
}

/// <summary>What the guard must see of another type.</summary>
internal sealed class SampleUser : SampleBase, ISample
{
    [Sample]
    public static int Use(SampleParameter? parameter, List<SampleArgument[]> arguments) =>
        Enumerable.Range(0, arguments.Count + SampleInBody.Count).Count(n => SampleInLambda.Is(n))
        + (parameter is null ? 0 : 1);
}
